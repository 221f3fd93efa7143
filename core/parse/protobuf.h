// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Walks the wire format of protobuf messages inside a file's bytes; copies nothing.
#pragma once

#include "core/base/file_image.h"
#include "core/base/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace qs::protobuf {

/// How a field's value is written. The wire types 3 and 4 (groups) and those that do not exist are refused.
enum class Wire : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

inline constexpr unsigned kMaxVarintBytes = 10; // 64 bits, seven in each byte
inline constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 18U;

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
    Walker(const FileImage &file, Range range, const std::string &where, std::string_view message);
    /// The same for bytes in memory, perhaps only the first ones of the file.
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

    /// Bytes that stay where they are as long as the file.
    Result<std::span<const std::byte>> bytesOf(const Range &range) const;
    /// Calls use(bytes) → Result<void> for one piece of `range` after the other; each is gone after the call.
    template <class Use> Result<void> forEachPiece(const Range &range, Use use) const;
    /// An error about a field of this message; `name` is the field's name in the format's definition.
    std::unexpected<Error> wrong(const Field &field, std::string_view name, Text message) const;
    /// An error about the message as a whole.
    std::unexpected<Error> wrong(Text message) const;

private:
    Result<std::uint64_t> varint(std::uint64_t &position, std::uint64_t end, const Field &field,
                                 std::string_view name) const;

    /// Sees to it that these bytes are in memory.
    Result<void> need(std::uint64_t begin, std::uint64_t end) const;
    void release(std::uint64_t begin, std::uint64_t end) const;

    const FileImage *m_image = nullptr;
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

template <class Use> Result<void> Walker::forEachPiece(const Range &range, Use use) const
{
    for (std::uint64_t begin = range.begin; begin < range.end;) {
        const std::uint64_t end = begin + std::min(kPieceBytes, range.end - begin);
        QS_CHECK(need(begin, end));
        QS_CHECK(use(m_file.subspan(begin, end - begin)));
        release(begin, end);
        begin = end;
    }
    return {};
}

template <class Use> Result<void> Walker::forEachVarint(const Field &field, std::string_view name, Use use) const
{
    if (field.wire == Wire::Varint)
        return use(field.number64);
    QS_CHECK(expect(field, Wire::Bytes, name));
    std::uint64_t begin = field.payload.begin; // of what is in memory
    std::uint64_t ready = begin;
    for (std::uint64_t position = begin; position < field.payload.end;) {
        if (ready - position < kMaxVarintBytes && ready < field.payload.end) {
            release(begin, position);
            begin = position;
            ready = begin + std::min(kPieceBytes, field.payload.end - begin);
            QS_CHECK(need(begin, ready));
        }
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
