// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where Formula::scalesOfMany() puts the scales of many units.
#pragma once

namespace qs {

/// Where scales go, one per unit, as ScaleAndZeroPoint has them. What a scheme does not have is null.
struct ManyScales {
    float *scales = nullptr;
    float *stored = nullptr;
    float *offsets = nullptr;
    float *storedOffsets = nullptr;
};

} // namespace qs
