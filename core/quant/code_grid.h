// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where the codes of one scale lie among the weights, and which weights fall to each.
#pragma once

#include "core/quant/quantizer.h"

#include <vector>

namespace qs {

/// One code.
struct CodePlace {
    int code = 0;
    float value = 0; ///< that it stands for
    float from = 0;  ///< smallest weight that falls to it, −∞ for the first one
    float to = 0;    ///< smallest weight that does not any more, ∞ for the last one; equal to `from`: no weight can

    bool canBeUsed() const { return from < to; }
};

/// All codes in the order of the weights that fall to them, which is that of the codes, or the other way round when the
/// scale is negative. The bounds are found by asking the kernels, so they are exact for every code rule.
std::vector<CodePlace> codeGrid(const ScaleAndZeroPoint &scale, const Coding &coding);

} // namespace qs
