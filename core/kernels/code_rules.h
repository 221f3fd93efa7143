// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rules that form codes, for one weight, in the two steps that people are shown. Included by kernel sources only.
#pragma once

#include "core/kernels/level.h"

namespace qs::QS_LEVEL {
namespace {

inline std::uint32_t bitsOf(float x)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

inline float floatOf(std::uint32_t bits)
{
    float x = 0;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

// Rounding by bits, halves to even; NaN stays NaN. No branch, so that loops become vectors.

/// A number without its lowest `cut` bits. What is larger than the largest of the type becomes its ∞ in bf16.
inline std::uint32_t withoutBits(std::uint32_t bits, unsigned cut)
{
    return (bits + ((1U << (cut - 1)) - 1) + ((bits >> cut) & 1U)) & ~((1U << cut) - 1);
}

inline float roundedToBf16(float x)
{
    const float rounded = floatOf(withoutBits(bitsOf(x), 16));
    return x == x ? rounded : x;
}

/// All bits when it holds: GCC keeps branches of longer chains of selections.
inline std::uint32_t maskOf(bool holds)
{
    return 0U - static_cast<std::uint32_t>(holds);
}

inline float roundedToF16(float x)
{
    constexpr std::uint32_t kSign = 0x80000000;
    constexpr std::uint32_t kInfinity = 0x7f800000;
    constexpr std::uint32_t kLargest = 0x477fe000;  // 65504
    constexpr std::uint32_t kSmallest = 0x38800000; // 2^-14: below are multiples of 2^-24, which adding 0.5 rounds to
    const std::uint32_t bits = bitsOf(x);
    const std::uint32_t size = bits & ~kSign;
    const std::uint32_t small = bitsOf((floatOf(size) + 0.5F) - 0.5F) & maskOf(size < kSmallest);
    const std::uint32_t normal = withoutBits(size, 13) & maskOf(size >= kSmallest) & maskOf(size <= kInfinity);
    const std::uint32_t over = maskOf(normal > kLargest);
    const std::uint32_t notANumber = size & maskOf(size > kInfinity);
    return floatOf(small | (normal & ~over) | (kInfinity & over) | notANumber | (bits & kSign));
}

inline float roundedTo(float x, Arithmetic arithmetic)
{
    switch (arithmetic) {
    case Arithmetic::F16:
        return roundedToF16(x);
    case Arithmetic::BF16:
        return roundedToBf16(x);
    case Arithmetic::F32:
        break;
    }
    return x;
}

/// 0 for 0 · ∞, which a subnormal scale gives.
inline float number(float x)
{
    return x == x ? x : 0.0F;
}

/// The weight in steps, from the offset on where there is one; in double for ExtentAway.
template <CodeRule rule> auto divided(float x, const ScaleEntry &with, const Coding &coding)
{
    if constexpr (rule == CodeRule::Divide)
        return with.scale == 0 ? 0.0F : x / with.scale;
    else if constexpr (rule == CodeRule::DivideClampRound)
        return roundedTo(with.scale == 0 ? 0.0F : x / with.scale, coding.arithmetic);
    else if constexpr (rule == CodeRule::OffsetTruncate)
        return number((x - with.codeOffset) * with.inverse);
    else if constexpr (rule == CodeRule::OffsetRint)
        return number(x * with.inverse + -with.codeOffset * with.inverse);
    else if constexpr (rule == CodeRule::OffsetDivide)
        return with.scale == 0 ? 0.0F : (x - with.codeOffset) / with.scale;
    else if constexpr (rule == CodeRule::ExtentAway) {
        const auto extent = static_cast<double>(with.scale);
        const double step = (extent > kLeastExtent ? extent : kLeastExtent) / ((coding.codeMax - coding.codeMin) / 2.0);
        return static_cast<double>(x) / step;
    } else
        return number(x * with.inverse);
}

/// Of a weight in steps, what divided() gives: the code before it is clamped, as a whole number in float.
template <CodeRule rule, class Steps> float unclamped(Steps steps, const ScaleEntry &with, const Coding &coding)
{
    const auto codeMin = static_cast<float>(coding.codeMin);
    if constexpr (rule == CodeRule::Divide || rule == CodeRule::Reciprocal)
        return std::nearbyint(steps) + with.zeroPoint;
    if constexpr (rule == CodeRule::DivideClampRound)
        return std::nearbyint(roundedTo(steps + with.zeroPoint, coding.arithmetic));
    if constexpr (rule == CodeRule::ReciprocalAway)
        return std::round(steps) + with.zeroPoint;
    if constexpr (rule == CodeRule::ExtentAway)
        return static_cast<float>(std::round(steps));
    if constexpr (rule == CodeRule::Truncate)
        return std::trunc(steps + (0.5F - codeMin)) + codeMin;
    if constexpr (rule == CodeRule::OffsetTruncate)
        return std::trunc(steps + 0.5F) + codeMin;
    if constexpr (rule == CodeRule::OffsetRint || rule == CodeRule::OffsetDivide)
        return std::nearbyint(steps) + codeMin;
}

/// Calls use<rule>() with a rule that is known only now.
template <class Use> auto withRule(CodeRule rule, Use use)
{
    switch (rule) {
    case CodeRule::Divide:
        break;
    case CodeRule::Reciprocal:
        return use.template operator()<CodeRule::Reciprocal>();
    case CodeRule::DivideClampRound:
        return use.template operator()<CodeRule::DivideClampRound>();
    case CodeRule::ReciprocalAway:
        return use.template operator()<CodeRule::ReciprocalAway>();
    case CodeRule::ExtentAway:
        return use.template operator()<CodeRule::ExtentAway>();
    case CodeRule::Truncate:
        return use.template operator()<CodeRule::Truncate>();
    case CodeRule::OffsetTruncate:
        return use.template operator()<CodeRule::OffsetTruncate>();
    case CodeRule::OffsetRint:
        return use.template operator()<CodeRule::OffsetRint>();
    case CodeRule::OffsetDivide:
        return use.template operator()<CodeRule::OffsetDivide>();
    }
    return use.template operator()<CodeRule::Divide>();
}

} // namespace
} // namespace qs::QS_LEVEL
