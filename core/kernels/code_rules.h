// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rules that form codes, for one weight, in the two steps that people are shown. Included by kernel sources only.
#pragma once

#include "core/kernels/level.h"

namespace qs::QS_LEVEL {
namespace {

/// `x` rounded to a float with `mantissaBits` (without the hidden one), halves to even, and exponents from `lowest` on.
inline float roundedTo(float x, int mantissaBits, int lowest, float largest)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    int exponent = static_cast<int>((bits >> 23U) & 255U) - 127;
    exponent = exponent < lowest ? lowest : exponent;
    const float quantum = std::ldexp(1.0F, exponent - mantissaBits);
    const float result = std::nearbyint(x / quantum) * quantum;
    return std::fabs(result) > largest ? std::copysign(HUGE_VALF, x) : result;
}

inline float roundedTo(float x, Arithmetic arithmetic)
{
    switch (arithmetic) {
    case Arithmetic::F16:
        return roundedTo(x, 10, -14, 65504.0F);
    case Arithmetic::BF16:
        return roundedTo(x, 7, -126, 0x1.FEp127F);
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
