// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says of one layer's weights.
#pragma once

#include "core/analysis/layer_analysis.h"
#include "core/analysis/report.h"

namespace qs {

/// The report of a layer under `outcome`, without output errors.
LayerReport layerReport(const Model &model, const Layer &layer, const LayerOutcome &outcome);

} // namespace qs
