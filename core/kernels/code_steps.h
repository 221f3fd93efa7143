// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One weight on its way to a code, step by step, by the rules that the kernels form codes with.
#pragma once

#include "core/kernels/kernels.h"

namespace qs {

struct CodeSteps {
    float x = 0;
    ScaleRun scale; ///< of one weight
    Coding coding;

    double divided = 0;   ///< out: the weight in steps, from the offset on where there is one
    double unclamped = 0; ///< out: the whole number that this is rounded to, with the zero point
};

namespace generic {
/// Fills in what is "out". This level alone has it: all levels form the same codes, and one weight needs no speed.
void codeSteps(CodeSteps *steps);
} // namespace generic

} // namespace qs
