// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What formulas share: the range of the weights with zero in it, spread over the codes.
#pragma once

#include "core/scheme/formula.h"

#include <cfloat>

namespace qs {

/// Scales are raised to it by formulas of Formula::inKernel.
inline constexpr float kSmallestScale = FLT_EPSILON;

/// The ends of the codes and of the range with zero in it.
struct Extent {
    float codeMin;
    float codeMax;
    float low;
    float high;

    Extent(const WeightRange &range, const Scheme &scheme);
    float codes() const { return codeMax - codeMin; }
};

/// Type that a tool computes in: float32 for f64, which none of them keeps.
DType workingType(DType source);
/// Formulas that keep small scales multiply by the reciprocal.
bool hasReciprocal(float scale);

/// max(−low, high) / (codes / 2), or (high − low) / codes with zero points, each step rounded to `type`.
float extentScale(const Extent &extent, Mode mode, DType type);
/// Sets a zero point, clamped to the codes, where the scheme has them and the scale is finite.
void setZeroPoint(ScaleAndZeroPoint &result, const Extent &extent, Mode mode, float zeroPoint);
/// Fills in the scale as it is written. With Codes::Best codes are formed with it, and so is the zero point.
ScaleAndZeroPoint withStored(ScaleAndZeroPoint result, const Extent &extent, const Scheme &scheme);
/// The same for signed scales and for offsets. A scale without a reciprocal becomes 0.
ScaleAndZeroPoint withStored(ScaleAndZeroPoint result, const Scheme &scheme);

} // namespace qs
