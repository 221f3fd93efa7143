// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// llama.cpp's blocks: scales of 0 stay, and all codes mean 0 then.
#include "core/scheme/conventions/extent.h"
#include "core/scheme/conventions/formulas.h"
#include "core/scheme/many_scales.h"

#include <algorithm>

namespace qs {
namespace {

ScaleAndZeroPoint extentOf(const WeightRange &range, const Scheme &scheme, DType)
{
    const Extent extent(range, scheme);
    ScaleAndZeroPoint result;
    result.scale = extentScale(extent, scheme.mode, DType::F32);
    const float zeroPoint = result.scale == 0 ? 0.0F : extent.codeMin - std::nearbyint(extent.low / result.scale);
    setZeroPoint(result, extent, scheme.mode, zeroPoint);
    if (!hasReciprocal(result.scale))
        result.scale = 0;
    return withStored(result, extent, scheme);
}

/// The weight of largest magnitude, the first on ties, divided by the smallest code: the scale may be negative.
ScaleAndZeroPoint signedExtreme(const WeightRange &range, const Scheme &scheme, DType)
{
    float extreme = -range.min > range.max ? range.min : range.max;
    if (-range.min == range.max)
        extreme = std::copysign(range.max, range.negativeFirst ? -1.0F : 1.0F);
    ScaleAndZeroPoint result;
    result.scale = extreme / static_cast<float>(scheme.codeMin());
    return withStored(result, scheme);
}

/// Steps from the smallest weight, which is kept as offset, to the largest.
ScaleAndZeroPoint span(const WeightRange &range, const Scheme &scheme, DType)
{
    ScaleAndZeroPoint result;
    result.scale = (range.max - range.min) / static_cast<float>(scheme.codeMax() - scheme.codeMin());
    result.offset = range.min;
    return withStored(result, scheme);
}

// The same of many units.

/// 0 where the reciprocal is not finite.
float dividable(float scale)
{
    const float inverse = 1 / scale;
    return inverse >= -FLT_MAX && inverse <= FLT_MAX ? scale : 0.0F;
}

/// The numbers as they are written; with Codes::Best codes are formed with these.
void store(const Scheme &scheme, std::span<float> values, float *stored)
{
    std::ranges::copy(values, stored);
    roundToScaleType(std::span(stored, values.size()), scheme.scaleType);
    if (scheme.codes == Codes::Best)
        std::copy_n(stored, values.size(), values.begin());
}

void extentsOf(std::span<const RangeSums> ranges, const Scheme &scheme, const ManyScales &result)
{
    const float half = static_cast<float>(scheme.codeMax() - scheme.codeMin()) / 2;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const float high = ranges[i].max > 0 ? ranges[i].max : 0.0F;
        result.scales[i] = dividable((-ranges[i].min > high ? -ranges[i].min : high) / half);
    }
    store(scheme, {result.scales, ranges.size()}, result.stored);
}

void signedExtremes(std::span<const RangeSums> ranges, const Scheme &scheme, const ManyScales &result)
{
    const auto codeMin = static_cast<float>(scheme.codeMin());
    for (std::size_t i = 0; i < ranges.size(); ++i)
        result.scales[i] = (-ranges[i].min > ranges[i].max ? ranges[i].min : ranges[i].max) / codeMin;
    store(scheme, {result.scales, ranges.size()}, result.stored);
    for (std::size_t i = 0; i < ranges.size(); ++i)
        result.scales[i] = dividable(result.scales[i]);
}

void spans(std::span<const RangeSums> ranges, const Scheme &scheme, const ManyScales &result)
{
    const auto codes = static_cast<float>(scheme.codeMax() - scheme.codeMin());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        result.scales[i] = (ranges[i].max - ranges[i].min) / codes;
        result.offsets[i] = ranges[i].min;
    }
    store(scheme, {result.scales, ranges.size()}, result.stored);
    store(scheme, {result.offsets, ranges.size()}, result.storedOffsets);
    for (std::size_t i = 0; i < ranges.size(); ++i)
        result.scales[i] = dividable(result.scales[i]);
}

Result<void> fitsSigned(const Scheme &scheme)
{
    if (scheme.mode != Mode::Symmetric || scheme.codeRange != CodeRange::Full)
        return fail(ErrorCode::Usage, Text::of("the convention {} has signed scales and no zero points: it needs the "
                                               "symmetric mode and the full code range",
                                               scheme.convention));
    return {};
}

Result<void> fitsOffset(const Scheme &scheme)
{
    if (scheme.mode != Mode::Asymmetric)
        return fail(ErrorCode::Usage,
                    Text::of("the convention {} keeps the smallest weight of each group: it needs the asymmetric mode",
                             scheme.convention));
    return {};
}

} // namespace

constinit const Formula kGgmlQ8Formula{
    .scaleOf = extentOf, .scalesOfMany = extentsOf, .rule = CodeRule::ReciprocalAway, .wholeBlocks = true};
constinit const Formula kGgmlSignedFormula{.scaleOf = signedExtreme,
                                           .scalesOfMany = signedExtremes,
                                           .rule = CodeRule::Truncate,
                                           .bestRule = CodeRule::Truncate,
                                           .ownRange = true,
                                           .wholeBlocks = true,
                                           .signedScales = true,
                                           .fits = fitsSigned};
constinit const Formula kGgmlOffsetFormula{.scaleOf = span,
                                           .scalesOfMany = spans,
                                           .rule = CodeRule::OffsetTruncate,
                                           .bestRule = CodeRule::OffsetTruncate,
                                           .offsets = true,
                                           .ownRange = true,
                                           .wholeBlocks = true,
                                           .fits = fitsOffset};

} // namespace qs
