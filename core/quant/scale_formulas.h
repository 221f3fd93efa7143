// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// From the range of some weights to their scale and zero point, and to the rule that codes are formed by.
#pragma once

#include "core/kernels/kernels.h"
#include "core/scheme/scheme.h"
#include "core/tensor/dtype.h"

#include <cmath>
#include <span>

namespace qs {

/// Range of weights that one scale is to cover.
struct WeightRange {
    float min = 0;
    float max = 0;
    bool negativeFirst = false; ///< when −min = max: the first of the weights of that magnitude has a sign bit
};

/// Scale and zero point, or offset, of one channel, group or tensor.
struct ScaleAndZeroPoint {
    float scale = 1;  ///< codes are formed with it as codeRuleOf() says; 0: all codes mean 0
    float stored = 1; ///< as it is written: rounded to the scheme's scale type; dequantization uses it
    std::int32_t zeroPoint = 0;
    bool raised = false;    ///< the formula gave a scale too small to divide by
    float offset = 0;       ///< of schemes with offsets: codes are formed with it
    float storedOffset = 0; ///< as it is written

    bool finite() const { return std::isfinite(scale) && std::isfinite(stored) && std::isfinite(storedOffset); }
};

/// Scale by the formula of the scheme's convention (NUMERICS.md §2, FORMATS.md §5) for weights of type `source`. Not
/// finite when the range or the scale overflows. For the range hqq: as HQQ starts, before any optimisation.
ScaleAndZeroPoint scaleFor(const WeightRange &range, const Scheme &scheme, DType source);

/// Where scalesFor() puts what it finds, one entry per unit. What a scheme does not have may be null.
struct UnitScales {
    float *scales = nullptr; ///< ScaleAndZeroPoint::scale and so on
    float *stored = nullptr;
    std::int8_t *zeroPoints = nullptr;
    float *offsets = nullptr;
    float *storedOffsets = nullptr;
    std::uint64_t raised = 0; ///< how many were raised, and how many are not 0 but stored as 0 (added)
    std::uint64_t lost = 0;
    bool finite = true; ///< becomes false when one is not

    void set(std::size_t unit, const ScaleAndZeroPoint &found);
};

/// scaleFor() of many units, at the speed of the kernels where the convention's formula is that of most. Ranges that
/// are not finite give scales that are not.
void scalesFor(std::span<const RangeSums> units, const Scheme &scheme, DType source, UnitScales &result);

/// HQQ's own terms: code = w · inverse + zero, counted from 0.
struct HqqTerms {
    float inverse = 1;
    float zero = 0;
};
HqqTerms hqqStart(const WeightRange &range, const Scheme &scheme);
ScaleAndZeroPoint scaleFrom(const HqqTerms &terms, const Scheme &scheme);

/// The range shrunk to a share of it, in the arithmetic of the scheme's convention.
WeightRange shrunk(const WeightRange &range, float share, const Scheme &scheme, DType source);

/// `value` rounded to the scale type of the scheme.
float roundToScaleType(float value, ScaleType type);

/// How codes of weights of type `source` are formed under a scheme.
Coding codeRuleOf(const Scheme &scheme, DType source);
/// How they are formed anew where only the scales as stored are known.
Coding storedCodeRuleOf(const Scheme &scheme, DType source);

} // namespace qs
