// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scales of many units at once, in loops that become vectors: what a formula says of one, for those that have blocks so
// small that finding their scales one by one would take longer than all the rest.
#pragma once

#include "core/scheme/formula.h"

#include <span>

namespace qs {

/// Where scales go, one per unit, as ScaleAndZeroPoint has them. What a scheme does not have is null.
struct ManyScales {
    float *scales = nullptr;
    float *stored = nullptr;
    float *offsets = nullptr;
    float *storedOffsets = nullptr;
};

/// Formula::scaleOf() of all units, of a scheme without zero points. Ranges are those of the weights alone, without
/// zero in them. Where the largest weight of a unit and minus the smallest are the same, a signed scale is that of a
/// positive extreme.
using ScalesOf = void (*)(std::span<const RangeSums> ranges, const Scheme &scheme, const ManyScales &result);

/// Null: scales of this formula are found one by one.
ScalesOf scalesOfMany(const Formula &formula);

void roundToScaleType(std::span<float> values, ScaleType type);

} // namespace qs
