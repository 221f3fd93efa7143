// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace qs {

std::uint16_t toBf16(float value)
{
    auto bits = std::bit_cast<std::uint32_t>(value);
    if (std::isnan(value))
        return static_cast<std::uint16_t>((bits >> 16) | 0x40U); // stays a quiet NaN
    bits += 0x7fffU + ((bits >> 16) & 1U);
    return static_cast<std::uint16_t>(bits >> 16);
}

float fromBf16(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

std::uint16_t toF16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    if (magnitude > 0x7f800000U)
        return static_cast<std::uint16_t>(sign | 0x7e00U);
    if (magnitude >= 0x477ff000U) // 65520: halfway between the largest f16 and 2^16
        return static_cast<std::uint16_t>(sign | 0x7c00U);
    if (magnitude < 0x38800000U) { // below 2^-14: a multiple of 2^-24, which adding 0.5 rounds to
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000U));
    }
    const std::uint32_t rebiased = magnitude - (112U << 23);
    return static_cast<std::uint16_t>(sign | ((rebiased + 0xfffU + ((rebiased >> 13) & 1U)) >> 13));
}

float fromF16(std::uint16_t bits)
{
    const std::uint32_t magnitude = static_cast<std::uint32_t>(bits & 0x7fffU) << 13;
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
    if ((bits & 0x7c00U) == 0x7c00U)
        return std::bit_cast<float>(sign | magnitude | 0x7f800000U);
    const float scaled = std::bit_cast<float>(magnitude) * 0x1p112F;
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(scaled));
}

float roundTo(DType type, float value)
{
    switch (type) {
    case DType::F16:
        return fromF16(toF16(value));
    case DType::BF16:
        return fromBf16(toBf16(value));
    default:
        return value;
    }
}

namespace {

enum class Special : std::uint8_t { Ieee, LastIsNan, MinusZeroIsNan };

struct ByteFloat {
    unsigned mantissaBits;
    int bias;
    Special special;
};

constexpr float valueOf(unsigned code, const ByteFloat &format)
{
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    const unsigned magnitude = code & 0x7fU;
    const unsigned steps = 1U << format.mantissaBits;
    const unsigned mantissa = magnitude % steps;
    const auto exponent = static_cast<int>(magnitude / steps);
    if ((format.special == Special::LastIsNan && magnitude == 0x7fU) ||
        (format.special == Special::MinusZeroIsNan && code == 0x80U))
        return kNan;
    if (format.special == Special::Ieee && magnitude / steps == 0x7fU / steps && mantissa > 0)
        return kNan;
    float value = static_cast<float>(exponent > 0 ? steps + mantissa : mantissa) / static_cast<float>(steps);
    if (format.special == Special::Ieee && magnitude / steps == 0x7fU / steps)
        value = std::numeric_limits<float>::infinity();
    int power = std::max(exponent, 1) - format.bias;
    for (; power > 0; --power)
        value *= 2;
    for (; power < 0; ++power)
        value /= 2;
    return (code & 0x80U) != 0 ? -value : value;
}

constexpr std::array<float, 256> makeTable(const ByteFloat &format)
{
    std::array<float, 256> table{};
    for (unsigned code = 0; code < table.size(); ++code)
        table[code] = valueOf(code, format);
    return table;
}

template <class T, class Convert>
void encodeAs(std::span<const float> values, std::vector<std::byte> &bytes, Convert convert)
{
    bytes.resize(values.size() * sizeof(T));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const T value = convert(values[i]);
        std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
    }
}

} // namespace

std::span<const float, 256> smallFloatTable(DType type)
{
    static constexpr auto kE4M3 = makeTable({.mantissaBits = 3, .bias = 7, .special = Special::LastIsNan});
    static constexpr auto kE5M2 = makeTable({.mantissaBits = 2, .bias = 15, .special = Special::Ieee});
    static constexpr auto kE4M3Fnuz = makeTable({.mantissaBits = 3, .bias = 8, .special = Special::MinusZeroIsNan});
    static constexpr auto kE5M2Fnuz = makeTable({.mantissaBits = 2, .bias = 16, .special = Special::MinusZeroIsNan});
    switch (type) {
    case DType::F8E5M2:
        return kE5M2;
    case DType::F8E4M3Fnuz:
        return kE4M3Fnuz;
    case DType::F8E5M2Fnuz:
        return kE5M2Fnuz;
    default:
        return kE4M3;
    }
}

void encodeFloats(DType type, std::span<const float> values, std::vector<std::byte> &bytes)
{
    switch (type) {
    case DType::F16:
        encodeAs<std::uint16_t>(values, bytes, toF16);
        break;
    case DType::BF16:
        encodeAs<std::uint16_t>(values, bytes, toBf16);
        break;
    case DType::F64:
        encodeAs<double>(values, bytes, [](float value) { return static_cast<double>(value); });
        break;
    default:
        encodeAs<float>(values, bytes, [](float value) { return value; });
        break;
    }
}

} // namespace qs
