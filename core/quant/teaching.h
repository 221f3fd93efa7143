// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Teaching: slips of hand-written quantizers, made on purpose so that a class can see what they cost.
#pragma once

#include "core/quant/walk.h"

#include <span>

namespace qs {

/// For runs of networks and walks of single values, never for a file.
struct Teaching {
    bool forgetZeroPoint = false;  ///< values are code · scale, or (code − codeMin) · scale where there is an offset
    bool castNotRound = false;     ///< decimals are cut off where they should be rounded
    bool zeroOutsideRange = false; ///< asymmetric ranges are taken as they are, without zero

    bool any() const { return forgetZeroPoint || castNotRound || zeroOutsideRange; }
    bool operator==(const Teaching &) const = default;
};

/// walkValue() with these slips. Without any it is the same.
ValueWalk walkValue(float value, const ScaleAndZeroPoint &scale, const Coding &coding, const Teaching &teaching);

/// Scale and zero point of weights in [min, max] without zero in the range: (max − min) / (qmax − qmin), the zero point
/// clamped to the codes. For asymmetric schemes with zero points; of others what the scheme itself gives.
ScaleAndZeroPoint scaleWithoutZero(const WeightRange &range, const Quantizer &quantizer);

/// Replaces weights that one scale reaches over by what comes back of them.
void quantizeWith(const Teaching &teaching, std::span<float> weights, const ScaleAndZeroPoint &scale,
                  const Quantizer &quantizer);

} // namespace qs
