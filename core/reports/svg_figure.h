// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of a report as SVG text: errors of all layers as bars, scales of all layers as ranges.
#pragma once

#include "core/analysis/report.h"

#include <string>
#include <string_view>

namespace qs::reports {

/// A name or sentence as text of HTML and SVG: marks of the language replaced, control characters as "?".
std::string escaped(std::string_view text);

/// One bar per layer, on a logarithmic axis of whole decades, in percent; a second, dotted one for `other`, which
/// may be null. Of the weights where the two sides, or layers alone, have no other error in common. Empty when no layer
/// has an error above zero.
std::string errorFigure(const Report &report, const Report *other);
/// Smallest, median and largest scale of each layer, on a logarithmic axis of whole decades; `other` beside it. Empty
/// when no layer has scales.
std::string scaleFigure(const Report &report, const Report *other);

} // namespace qs::reports
