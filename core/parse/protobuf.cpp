// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/protobuf.h"

#include "core/tensor/integers.h"

namespace qs::protobuf {
namespace {

constexpr std::uint64_t kMaxHeadBytes = 2 * kMaxVarintBytes; // tag, and length or value
constexpr std::uint64_t kMaxTag = (1ULL << 32) - 1;          // 29 bits of field number, 3 of wire type

Text describe(Wire wire)
{
    switch (wire) {
    case Wire::Varint:
        return Text::of("a varint");
    case Wire::Fixed64:
        return Text::of("8 bytes");
    case Wire::Bytes:
        return Text::of("a length and bytes");
    case Wire::Fixed32:
        break;
    }
    return Text::of("4 bytes");
}

} // namespace

Walker::Walker(const FileImage &file, Range range, const std::string &where, std::string_view message)
    : Walker(file.bytes(), range, where, message)
{
    m_image = &file;
}

Walker::Walker(std::span<const std::byte> file, Range range, const std::string &where, std::string_view message)
    : m_file(file)
    , m_range(range)
    , m_position(range.begin)
    , m_where(&where)
    , m_message(message)
{}

Result<bool> Walker::next(Field &field)
{
    if (m_position == m_range.end)
        return false;
    field = {};
    field.byteOffset = m_position;
    QS_CHECK(need(m_position, m_position + std::min(kMaxHeadBytes, m_range.end - m_position)));
    QS_ASSIGN(const std::uint64_t tag, varint(m_position, m_range.end, field, {}));
    field.number = static_cast<std::uint32_t>(tag >> 3);
    if (tag > kMaxTag || field.number == 0)
        return wrong(field, {}, Text::of("the field number is {}, expected 1 to {}", tag >> 3, kMaxTag >> 3));
    const auto wire = static_cast<unsigned>(tag & 7U);
    std::uint64_t size = 0;
    switch (wire) {
    case 0: {
        field.payload.begin = m_position;
        QS_ASSIGN(field.number64, varint(m_position, m_range.end, field, {}));
        field.payload.end = m_position;
        return true;
    }
    case 1:
        size = 8;
        break;
    case 2: {
        QS_ASSIGN(size, varint(m_position, m_range.end, field, {}));
        break;
    }
    case 5:
        size = 4;
        break;
    default:
        return wrong(field, {}, Text::of("the wire type is {}, expected 0, 1, 2 or 5", wire));
    }
    field.wire = static_cast<Wire>(wire);
    if (size > m_range.end - m_position)
        return wrong(field, {},
                     Text::of("the field has {} bytes from byte {} on, but its message ends at byte {}", size,
                              m_position, m_range.end));
    field.payload = {m_position, m_position + size};
    m_position += size;
    if (field.wire == Wire::Fixed64)
        field.number64 = loadElement<std::uint64_t>(m_file.data() + field.payload.begin, false);
    if (field.wire == Wire::Fixed32)
        field.number64 = loadElement<std::uint32_t>(m_file.data() + field.payload.begin, false);
    return true;
}

Result<std::span<const std::byte>> Walker::bytesOf(const Range &range) const
{
    QS_CHECK(need(range.begin, range.end));
    return m_file.subspan(range.begin, range.size());
}

Result<void> Walker::need(std::uint64_t begin, std::uint64_t end) const
{
    if (m_image == nullptr)
        return {};
    QS_CHECK(m_image->at(begin, end - begin));
    return {};
}

void Walker::release(std::uint64_t begin, std::uint64_t end) const
{
    if (m_image != nullptr)
        m_image->release(begin, end - begin);
}

Result<std::uint64_t> Walker::varint(std::uint64_t &position, std::uint64_t end, const Field &field,
                                     std::string_view name) const
{
    const std::uint64_t begin = position;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < kMaxVarintBytes; ++i) {
        if (position == end)
            return wrong(field, name,
                         Text::of("the varint at byte {} goes beyond the end of its message or field, "
                                  "byte {}",
                                  begin, end));
        const auto byte = std::to_integer<std::uint64_t>(m_file[position++]);
        if (i == kMaxVarintBytes - 1 && byte > 1)
            break;
        value |= (byte & 0x7FU) << (7 * i);
        if ((byte & 0x80U) == 0)
            return value;
    }
    return wrong(field, name, Text::of("the varint at byte {} has more than 64 bits", begin));
}

Result<void> Walker::expect(const Field &field, Wire wire, std::string_view name) const
{
    if (field.wire == wire)
        return {};
    return wrong(field, name,
                 Text::of("the field is written as {}, expected {}", describe(field.wire), describe(wire)));
}

Result<std::string_view> Walker::text(const Field &field, std::string_view name) const
{
    QS_CHECK(expect(field, Wire::Bytes, name));
    QS_ASSIGN(const std::span<const std::byte> bytes, bytesOf(field.payload));
    return std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

std::unexpected<Error> Walker::wrong(const Field &field, std::string_view name, Text message) const
{
    Text where = Text::of("{} {}, byte {}", *m_where, m_message, field.byteOffset);
    if (field.number != 0)
        where = name.empty() ? Text::of("{} {}, field {}, byte {}", *m_where, m_message, field.number, field.byteOffset)
                             : Text::of("{} {}, field {} ({}), byte {}", *m_where, m_message, field.number, name,
                                        field.byteOffset);
    return fail(ErrorCode::Input, std::move(message), std::move(where));
}

std::unexpected<Error> Walker::wrong(Text message) const
{
    return fail(ErrorCode::Input, std::move(message), Text::of("{} {}, byte {}", *m_where, m_message, m_range.begin));
}

} // namespace qs::protobuf
