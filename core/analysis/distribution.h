// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms of weights, of their codes and of rounding errors, for plots.
#pragma once

#include "core/analysis/layer_part.h"
#include "core/base/task_context.h"
#include "core/model/model.h"
#include "core/quant/code_grid.h"
#include "core/quant/quantize.h"

#include <vector>

namespace qs {

/// Counts in equal bins over [low, high]; `below` and `above` lie outside.
struct Histogram {
    double low = 0;
    double high = 1;
    std::vector<std::uint64_t> counts;
    std::uint64_t below = 0;
    std::uint64_t above = 0;
    std::uint64_t total = 0;
};

/// What the Distribution panel shows for one layer or a part of it.
struct Distribution {
    Histogram weights;        ///< of the weight values
    Histogram roundingErrors; ///< of (x − q·s)/s in steps, over [−0.75, 0.75]; outside = clipped far away
    double min = 0;           ///< of the weights shown
    double max = 0;
    double clipLow = 0; ///< smallest and largest value the codes can stand for (largest scale when several)
    double clipHigh = 0;
    std::vector<CodePlace> grid; ///< all codes when one scale applies to all weights shown, else empty
    int codeMin = 0;
    std::vector<std::uint64_t> codeCounts; ///< weights on each code, from codeMin on; empty when there are no codes
    double clippedShare = 0;               ///< of the weights shown, 0..1
};

/// Streams the part once; the range of a group is looked up before. Layers that hold codes already are shown by their
/// decoded values and these codes, without rounding errors. Error{Usage} for a part that the quantization has not.
Result<Distribution> distribution(const Model &model, const Layer &layer, int channelAxis,
                                  const LayerQuantization &quantization, const LayerPart &part,
                                  const TaskContext &context);

} // namespace qs
