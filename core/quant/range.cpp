// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scales and zero points from ranges (numerics.md §2).
#include "core/quant/quantize.h"
#include "core/quant/scale_table.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace qs {

namespace {

constexpr float kSmallestScale = FLT_EPSILON;

float rounded(float scale, ScaleType type)
{
    switch (type) {
    case ScaleType::F16:
        return roundTo(DType::F16, scale);
    case ScaleType::BF16:
        return roundTo(DType::BF16, scale);
    case ScaleType::F32:
        break;
    }
    return scale;
}

} // namespace

ScaleAndZeroPoint scaleFor(float min, float max, const Scheme &scheme)
{
    const float low = std::min(min, 0.0F);
    const float high = std::max(max, 0.0F);
    const auto codeMin = static_cast<float>(scheme.codeMin());
    const auto codeMax = static_cast<float>(scheme.codeMax());
    float formula = 0;
    if (scheme.mode == Mode::Asymmetric)
        formula = (high - low) / (codeMax - codeMin);
    else if (scheme.codeRange == CodeRange::Narrow)
        formula = std::max(-low, high) / codeMax;
    else
        formula = std::max(-low, high) / ((codeMax - codeMin) / 2);

    ScaleAndZeroPoint result;
    result.raised = formula < kSmallestScale;
    result.scale = std::max(formula, kSmallestScale);
    result.stored = rounded(result.scale, scheme.scaleType);
    if (scheme.codes == Codes::Best)
        result.scale = result.stored; // never zero: 2^-23 exists in f16 and bf16
    if (scheme.mode == Mode::Asymmetric && std::isfinite(result.scale)) {
        const float zeroPoint = codeMin - std::nearbyint(low / result.scale);
        result.zeroPoint = static_cast<std::int32_t>(std::clamp(zeroPoint, codeMin, codeMax));
    }
    return result;
}

Coding codeRuleOf(const Scheme &scheme, DType /*source*/)
{
    return {CodeRule::Divide, Arithmetic::F32, scheme.codeMin(), scheme.codeMax()};
}

std::uint64_t quantizedBytes(const MatrixShape &shape, const Scheme &scheme)
{
    const auto bits = static_cast<std::uint64_t>(scheme.bits);
    const ScaleGeometry geometry{scheme.granularity, shape};
    const std::uint64_t codes = shape.channels * ceilDiv(shape.weights * bits, 8);
    const std::uint64_t scales = geometry.count() * (scheme.scaleType == ScaleType::F32 ? 4 : 2);
    // One row of zero points per tensor or channel list, or per channel for groups; rows are padded to whole bytes.
    const bool grouped = scheme.granularity.kind == Granularity::Kind::Group;
    const std::uint64_t zeroPointRows = grouped ? shape.channels : 1;
    const std::uint64_t perRow = grouped ? geometry.groupsPerChannel() : geometry.count();
    const std::uint64_t zeroPoints = scheme.mode == Mode::Asymmetric ? zeroPointRows * ceilDiv(perRow * bits, 8) : 0;
    return codes + scales + zeroPoints;
}

} // namespace qs
