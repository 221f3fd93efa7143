// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

void histogram(HistogramPiece *piece)
{
    const double low = piece->low;
    const double width = piece->high - low;
    const auto bins = static_cast<double>(piece->bins);
    double positions[kLanes];
    for (std::size_t at = 0; at < piece->count; at += kLanes) {
        const std::size_t size = smaller(kLanes, piece->count - at);
        for (std::size_t i = 0; i < size; ++i)
            positions[i] = (static_cast<double>(piece->x[at + i]) - low) / width;
        for (std::size_t i = 0; i < size; ++i) {
            if (!(positions[i] >= 0)) {
                ++piece->below;
            } else if (positions[i] > 1) {
                ++piece->above;
            } else {
                const auto bin = static_cast<std::size_t>(positions[i] * bins);
                ++piece->counts[bin < piece->bins ? bin : piece->bins - 1];
            }
        }
    }
}

} // namespace qs::QS_LEVEL
