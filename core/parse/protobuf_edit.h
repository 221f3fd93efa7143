// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes protobuf messages, and old ones with some of their fields replaced; everything else keeps its bytes.
#pragma once

#include "core/parse/protobuf.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace qs::protobuf {

/// Bytes that somebody else makes later; only their number is known.
struct Payload {
    std::size_t index = 0;
    std::uint64_t size = 0;
};

/// New bytes, bytes of the old file as they stand, or a payload.
using Piece = std::variant<std::string, Range, Payload>;

/// Pieces one behind the other. Neighbours of one kind are joined.
class Pieces
{
public:
    void add(std::string_view bytes);
    void add(const Range &range);
    void add(const Payload &payload);
    void add(Pieces pieces);

    const std::vector<Piece> &list() const { return m_list; }
    std::uint64_t size() const { return m_size; }

    // Fields of a message.
    Pieces &number(std::uint32_t field, std::uint64_t value);
    Pieces &text(std::uint32_t field, std::string_view value);
    Pieces &message(std::uint32_t field, Pieces value);
    Pieces &payload(std::uint32_t field, const Payload &value);

private:
    std::vector<Piece> m_list;
    std::uint64_t m_size = 0;
};

/// What is to change in a file, by place.
class Edits
{
public:
    /// The field whose payload begins there goes, tag and length too; `pieces` are fields that stand in its place.
    void replace(std::uint64_t payloadBegin, Pieces pieces);
    /// `pieces` are further fields in front of those of the message that begins there.
    void prepend(std::uint64_t messageBegin, Pieces pieces);

    /// The message in `range` with the changes, and new lengths of all messages around them. `walker` is for its first
    /// field; the walkers of inner messages are made by `inside`(range).
    template <class Inside> Result<Pieces> apply(const Range &range, Inside inside) const;

private:
    bool within(const Range &range) const;

    std::map<std::uint64_t, Pieces> m_replaced;
    std::map<std::uint64_t, Pieces> m_prepended;
};

template <class Inside> Result<Pieces> Edits::apply(const Range &range, Inside inside) const
{
    Pieces result;
    if (const auto found = m_prepended.find(range.begin); found != m_prepended.end())
        result.add(found->second);
    const Walker walker = inside(range);
    QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
        if (field.wire != Wire::Bytes) {
            result.add(Range{field.byteOffset, field.payload.end});
        } else if (const auto found = m_replaced.find(field.payload.begin); found != m_replaced.end()) {
            result.add(found->second);
        } else if (within(field.payload)) {
            QS_ASSIGN(Pieces inner, apply(field.payload, inside));
            result.message(field.number, std::move(inner));
        } else {
            result.add(Range{field.byteOffset, field.payload.end});
        }
        return {};
    }));
    return result;
}

} // namespace qs::protobuf
