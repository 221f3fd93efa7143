// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// HQQ's own terms. Its formula belongs to a range method and takes the place of the convention's.
#pragma once

#include "core/scheme/formula.h"

namespace qs {

/// code = w · inverse + zero, counted from 0.
struct HqqTerms {
    float inverse = 1;
    float zero = 0;
};
/// As HQQ starts, before any optimisation.
HqqTerms hqqStart(const WeightRange &range, const Scheme &scheme);
ScaleAndZeroPoint scaleFrom(const HqqTerms &terms, const Scheme &scheme);

/// Scales as hqqStart() gives them.
extern const Formula kHqqFormula;

} // namespace qs
