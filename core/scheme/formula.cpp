// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/formula.h"

#include "core/scheme/many_scales.h"
#include "core/tensor/small_floats.h"

#include <bit>
#include <cstdint>

namespace qs {

namespace {

/// As roundTo(DType::F16, value), without a branch, so that loops become vectors.
float roundedToF16(float value)
{
    constexpr std::uint32_t kSign = 0x80000000;
    constexpr std::uint32_t kInfinity = 0x7f800000;
    constexpr std::uint32_t kLargest = 0x477fe000;  // 65504
    constexpr std::uint32_t kSmallest = 0x38800000; // 2^-14: below are multiples of 2^-24, which adding 0.5 rounds to
    const auto maskOf = [](bool holds) { return 0U - static_cast<std::uint32_t>(holds); };
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t size = bits & ~kSign;
    const float small = (std::bit_cast<float>(size) + 0.5F) - 0.5F;
    const std::uint32_t normal = (size + 0xfffU + ((size >> 13) & 1U)) & ~0x1fffU;
    const std::uint32_t isSmall = maskOf(size < kSmallest);
    const std::uint32_t isNormal = ~isSmall & maskOf(normal <= kLargest);
    const std::uint32_t isNumber = maskOf(size <= kInfinity);
    const std::uint32_t rounded =
        (std::bit_cast<std::uint32_t>(small) & isSmall) | (normal & isNormal) | (kInfinity & ~isSmall & ~isNormal);
    return std::bit_cast<float>((rounded & isNumber) | (size & ~isNumber) | (bits & kSign));
}

} // namespace

void roundToScaleType(std::span<float> values, ScaleType type)
{
    for (float &value : values.first(type == ScaleType::F16 ? values.size() : 0))
        value = roundedToF16(value);
    for (float &value : values.first(type == ScaleType::BF16 ? values.size() : 0))
        value = roundTo(DType::BF16, value);
}

float roundToScaleType(float value, ScaleType type)
{
    switch (type) {
    case ScaleType::F16:
        return roundTo(DType::F16, value);
    case ScaleType::BF16:
        return roundTo(DType::BF16, value);
    case ScaleType::F32:
        break;
    }
    return value;
}

} // namespace qs
