// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reports and comparisons as CSV (CLI.md): a row of titles, then one row per layer, channel or tensor.
#pragma once

#include "core/analysis/compare.h"
#include "core/analysis/report.h"

#include <string>

namespace qs {

/// One row per layer; with `full` one row per scale, with its channel, group and zero point or offset. Metrics are
/// those of NUMERICS.md §3; what does not exist is an empty field.
std::string reportCsv(const Report &report, bool full);
/// One row per tensor that both models have.
std::string comparisonCsv(const Comparison &comparison);

} // namespace qs
