// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/gguf/values.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace qs::gguf {
namespace {

constexpr unsigned kMaxArrayDepth = 4;
constexpr std::uint64_t kMaxTextBytes = std::uint64_t{64} << 20;
// A longer text or array is shown by its beginning.
constexpr std::size_t kShownTextBytes = std::size_t{64} << 10;
constexpr std::uint64_t kShownItems = 16;
constexpr std::array<std::uint8_t, kValueTypes> kSizes{1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8}; // at least
constexpr std::array<std::string_view, kValueTypes> kNames{"u8",   "i8",   "u16",   "i16", "u32", "i32", "f32",
                                                           "bool", "text", "array", "u64", "i64", "f64"};

Result<ValueType> takeType(Cursor &cursor, std::string_view field)
{
    const std::uint64_t at = cursor.position();
    auto type = cursor.take<std::uint32_t>(field);
    if (!type)
        return std::unexpected(std::move(type).error());
    if (*type >= kValueTypes)
        return fail(ErrorCode::Input, Text::of("the value type is {}, expected 0 to {}", *type, kValueTypes - 1),
                    cursor.placeAt(field, at));
    return static_cast<ValueType>(*type);
}

template <class T> Result<ShownValue> takeNumber(Cursor &cursor, std::string_view field)
{
    QS_ASSIGN(const T value, cursor.take<T>(field));
    ShownValue shown;
    if constexpr (std::is_integral_v<T>) {
        if (value >= T{0})
            shown.number = static_cast<std::uint64_t>(value);
    }
    shown.text = fmt::format("{}", value);
    return shown;
}

Result<ShownValue> takeOf(Cursor &cursor, ValueType type, std::string_view field, unsigned depth);

Result<ShownValue> takeBool(Cursor &cursor, std::string_view field)
{
    const std::uint64_t at = cursor.position();
    QS_ASSIGN(const std::uint8_t value, cursor.take<std::uint8_t>(field));
    if (value > 1)
        return fail(ErrorCode::Input, Text::of("a bool is {}, expected 0 or 1", value), cursor.placeAt(field, at));
    return ShownValue{.text = value == 1 ? "true" : "false", .type = ValueType::Bool, .number = {}};
}

Result<ShownValue> takeArray(Cursor &cursor, std::string_view field, unsigned depth)
{
    if (depth > kMaxArrayDepth)
        return cursor.wrong(Text::of("arrays are nested deeper than {} levels, the limit", kMaxArrayDepth), field);
    QS_ASSIGN(const ValueType type, takeType(cursor, field));
    const std::uint64_t at = cursor.position();
    QS_ASSIGN(const std::uint64_t count, cursor.take<std::uint64_t>(field));
    const std::uint64_t size = kSizes[static_cast<std::size_t>(type)];
    if (count > cursor.left() / size)
        return fail(ErrorCode::Input,
                    Text::of("an array claims {} elements of at least {} bytes, but only {} bytes follow", count, size,
                             cursor.left()),
                    cursor.placeAt(field, at));
    ShownValue shown{.text = "[", .type = ValueType::Array, .number = {}};
    std::uint64_t item = 0;
    for (; item < std::min(count, kShownItems); ++item) {
        QS_ASSIGN(const ShownValue value, takeOf(cursor, type, field, depth));
        if (shown.text.size() < kShownTextBytes)
            shown.text += (item > 0 ? ", " : "") + (value.text.size() < 256 ? value.text : value.text.substr(0, 256));
    }
    shown.text += count > item ? fmt::format(", … {} × {}]", count, kNames[static_cast<std::size_t>(type)]) : "]";
    const bool fixed = type != ValueType::Text && type != ValueType::Array && type != ValueType::Bool;
    if (fixed)
        cursor.skip((count - item) * size);
    else
        for (; item < count; ++item) {
            if (type == ValueType::Text) {
                QS_CHECK(cursor.takeText(field, kMaxTextBytes));
            } else {
                QS_CHECK(takeOf(cursor, type, field, depth));
            }
        }
    return shown;
}

Result<ShownValue> takeOf(Cursor &cursor, ValueType type, std::string_view field, unsigned depth)
{
    switch (type) {
    case ValueType::U8:
        return takeNumber<std::uint8_t>(cursor, field);
    case ValueType::I8:
        return takeNumber<std::int8_t>(cursor, field);
    case ValueType::U16:
        return takeNumber<std::uint16_t>(cursor, field);
    case ValueType::I16:
        return takeNumber<std::int16_t>(cursor, field);
    case ValueType::U32:
        return takeNumber<std::uint32_t>(cursor, field);
    case ValueType::I32:
        return takeNumber<std::int32_t>(cursor, field);
    case ValueType::F32:
        return takeNumber<float>(cursor, field);
    case ValueType::U64:
        return takeNumber<std::uint64_t>(cursor, field);
    case ValueType::I64:
        return takeNumber<std::int64_t>(cursor, field);
    case ValueType::F64:
        return takeNumber<double>(cursor, field);
    case ValueType::Bool:
        return takeBool(cursor, field);
    case ValueType::Text: {
        QS_ASSIGN(const std::string_view text, cursor.takeText(field, kMaxTextBytes));
        return ShownValue{.text = std::string(text.substr(0, kShownTextBytes)), .type = type, .number = {}};
    }
    case ValueType::Array:
        break;
    }
    return takeArray(cursor, field, depth + 1);
}

} // namespace

Result<std::string_view> Cursor::takeText(std::string_view field, std::uint64_t limit)
{
    const std::uint64_t start = m_position;
    auto length = take<std::uint64_t>(field);
    if (!length)
        return std::unexpected(std::move(length).error());
    if (*length > limit)
        return fail(ErrorCode::Input, Text::of("a text claims {} bytes, the limit is {}", *length, limit),
                    placeAt(field, start));
    if (*length > left())
        return fail(ErrorCode::Input, Text::of("a text claims {} bytes, but only {} follow", *length, left()),
                    placeAt(field, start));
    auto text = m_image.textAt(m_position, *length);
    m_position += *length;
    return text;
}

Result<ShownValue> takeValue(Cursor &cursor, std::string_view field)
{
    QS_ASSIGN(const ValueType type, takeType(cursor, field));
    QS_ASSIGN(ShownValue value, takeOf(cursor, type, field, 0));
    value.type = type;
    return value;
}

} // namespace qs::gguf
