// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/conventions/extent.h"

#include "core/tensor/small_floats.h"

#include <algorithm>

namespace qs {

Extent::Extent(const WeightRange &range, const Scheme &scheme)
    : codeMin(static_cast<float>(scheme.codeMin()))
    , codeMax(static_cast<float>(scheme.codeMax()))
    , low(std::min(range.min, 0.0F))
    , high(std::max(range.max, 0.0F))
{}

DType workingType(DType source)
{
    return source == DType::F16 || source == DType::BF16 ? source : DType::F32;
}

bool hasReciprocal(float scale)
{
    return std::isfinite(1 / scale);
}

float extentScale(const Extent &extent, Mode mode, DType type)
{
    if (mode == Mode::Symmetric)
        return roundTo(type, std::max(-extent.low, extent.high) / (extent.codes() / 2));
    return roundTo(type, roundTo(type, extent.high - extent.low) / extent.codes());
}

void setZeroPoint(ScaleAndZeroPoint &result, const Extent &extent, Mode mode, float zeroPoint)
{
    if (mode == Mode::Asymmetric && std::isfinite(result.scale))
        result.zeroPoint = static_cast<std::int32_t>(std::clamp(zeroPoint, extent.codeMin, extent.codeMax));
}

ScaleAndZeroPoint withStored(ScaleAndZeroPoint result, const Extent &extent, const Scheme &scheme)
{
    result.stored = roundToScaleType(result.scale, scheme.scaleType);
    if (scheme.codes != Codes::Best || result.stored == result.scale)
        return result;
    result.scale = result.stored;
    if (result.scale > 0)
        setZeroPoint(result, extent, scheme.mode, extent.codeMin - std::nearbyint(extent.low / result.scale));
    return result;
}

ScaleAndZeroPoint withStored(ScaleAndZeroPoint result, const Scheme &scheme)
{
    result.stored = roundToScaleType(result.scale, scheme.scaleType);
    result.storedOffset = roundToScaleType(result.offset, scheme.scaleType);
    if (scheme.codes == Codes::Best) {
        result.scale = result.stored;
        result.offset = result.storedOffset;
    }
    if (!hasReciprocal(result.scale))
        result.scale = 0;
    return result;
}

} // namespace qs
