// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// WalkExample: numbers for the number line that come from no weight of the model.
#pragma once

#include "core/quant/teaching.h"

namespace qs::ui {

struct WalkExample {
    float value = 0;
    ScaleAndZeroPoint scale = {};
    Coding coding = {};
    Teaching slips = {};
    int step = 5; ///< of the number line; 0: a weight of the selected channel, whatever else stands here
};

} // namespace qs::ui
