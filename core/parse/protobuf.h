// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Walks the wire format of protobuf messages inside a file's bytes; copies nothing.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace qs::protobuf {

/// How a field's value is written. The wire types 3 and 4 (groups) and those that do not exist are refused.
enum class Wire : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

/// Bytes [begin, end) of the file.
struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t size() const { return end - begin; }
};

struct Field {
    std::uint32_t number = 0;
    Wire wire = Wire::Varint;
    std::uint64_t byteOffset = 0; ///< of the tag, in the file
    std::uint64_t number64 = 0;   ///< value of varints and fixed numbers, little-endian
    Range payload;                ///< bytes behind the tag, or behind the length of Wire::Bytes

    std::int64_t asSigned() const { return static_cast<std::int64_t>(number64); }
};

/// The fields of one message, one after the other. Cheap to copy.
///
/// Errors are Error{Input} whose place is "'file', ONNX TensorProto, field 9 (raw_data), byte 123".
class Walker
{
public:
    /// `where` ("'model.onnx', ONNX") and `message` ("TensorProto") are for errors and must outlive the walker.
    Walker(std::span<const std::byte> file, Range range, const std::string &where, std::string_view message);

    /// Moves to the next field; false at the end of the message.
    Result<bool> next(Field &field);

    /// Calls use(field) → Result<void> for each field of the message; not for those that next() has passed.
    template <class Use> Result<void> forEachField(Use use) const;

    /// Error when the field is written in another way than `wire`.
    Result<void> expect(const Field &field, Wire wire, std::string_view name) const;
    /// The payload of a field that must be Wire::Bytes, as text that lives as long as the file.
    Result<std::string_view> text(const Field &field, std::string_view name) const;
    /// Calls use(value) → Result<void> for each number of a repeated integer field, packed or not.
    template <class Use> Result<void> forEachVarint(const Field &field, std::string_view name, Use use) const;

    std::span<const std::byte> bytesOf(const Range &range) const { return m_file.subspan(range.begin, range.size()); }
    /// An error about a field of this message; `name` is the field's name in the format's definition.
    std::unexpected<Error> wrong(const Field &field, std::string_view name, std::string message) const;
    /// An error about the message as a whole.
    std::unexpected<Error> wrong(std::string message) const;

private:
    Result<std::uint64_t> varint(std::uint64_t &position, std::uint64_t end, const Field &field,
                                 std::string_view name) const;

    std::span<const std::byte> m_file;
    Range m_range;
    std::uint64_t m_position;
    const std::string *m_where;
    std::string_view m_message;
};

template <class Use> Result<void> Walker::forEachField(Use use) const
{
    Walker walker = *this;
    Field field;
    while (true) {
        QS_ASSIGN(const bool more, walker.next(field));
        if (!more)
            return {};
        QS_CHECK(use(std::as_const(field)));
    }
}

template <class Use> Result<void> Walker::forEachVarint(const Field &field, std::string_view name, Use use) const
{
    if (field.wire == Wire::Varint)
        return use(field.number64);
    QS_CHECK(expect(field, Wire::Bytes, name));
    for (std::uint64_t position = field.payload.begin; position < field.payload.end;) {
        auto value = std::to_integer<std::uint64_t>(m_file[position]);
        if (value < 0x80) { // most are that small
            ++position;
        } else {
            QS_ASSIGN(value, varint(position, field.payload.end, field, name));
        }
        QS_CHECK(use(value));
    }
    return {};
}

} // namespace qs::protobuf
