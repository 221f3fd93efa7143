// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What there is to know of each channel of a quantized layer, and of each group of a channel, side by side.
#pragma once

#include "core/quant/quantize.h"

#include <vector>

namespace qs {

/// Of a channel, or of one of its groups.
struct ChannelRow {
    float min = 0; ///< of its weights
    float max = 0;
    double clipLow = 0; ///< smallest and largest value that its codes stand for
    double clipHigh = 0;
    float scale = 0;                    ///< magnitude; the lower middle of those of its groups
    std::optional<float> rmsSteps = {}; ///< √mean(e²) in steps; empty for codes from a file
    bool dead = false;                  ///< all weights are 0, so the scale means nothing
    bool clipped = false;               ///< its range reaches more than half a step beyond what the codes stand for
};

/// One row per channel; empty when the quantization was not kept whole.
std::vector<ChannelRow> channelRows(const LayerQuantization &quantization);

/// One row per group of a channel, in order; one row where the channel has a single scale. `quantization` is of that
/// layer and has its scales. Reads the weights of the channel. Error{Usage} when there is no such channel.
Result<std::vector<ChannelRow>> groupRows(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                                          std::uint64_t channel, const TaskContext &context);

} // namespace qs
