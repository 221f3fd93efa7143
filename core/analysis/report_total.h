// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The sums of a report over its layers.
#pragma once

#include "core/analysis/report.h"

namespace qs {

/// `report` has all layers of `model`, none null, and its output errors.
ReportTotal totalOf(const Report &report, const Model &model);

} // namespace qs
