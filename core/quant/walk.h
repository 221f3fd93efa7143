// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One weight on its way to a code and back, step by step, as the kernels go.
#pragma once

#include "core/quant/quantizer.h"

namespace qs {

/// What becomes of one value. All but `code` are in double, though the arithmetic is that of the kernels.
struct ValueWalk {
    double value = 0;     ///< the weight
    double divided = 0;   ///< in steps of the scale; from the offset on where the scheme has one
    double position = 0;  ///< the same where the codes are: with the zero point added, or counted from the lowest code
    double rounded = 0;   ///< the whole number next to it by the code rule, before the clamp
    int code = 0;         ///< after the clamp
    double back = 0;      ///< what the code stands for
    double error = 0;     ///< back − value
    bool clipped = false; ///< the clamp changed the code
};

/// The way of a finite value. `scale.scale` forms the code, `scale.stored` the value that comes back.
ValueWalk walkValue(float value, const ScaleAndZeroPoint &scale, const Coding &coding);

} // namespace qs
