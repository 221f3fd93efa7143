// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The range method `output`: scales with the least error of a layer's output for the inputs that it was fed.
#pragma once

#include "core/quant/input_moments.h"
#include "core/quant/layer_search.h"

namespace qs {

/// Scales of all units of a layer whose rows fit into memory. Shares of the min–max range are tried, in steps of 6 %
/// and then of 1 % around the best; the first with the least eᵀ·H·e wins, e being the errors of all weights of the
/// channel. Groups of a channel are chosen one after the other, each with the errors of all others as they are by then.
/// So no channel is worse than under min–max, measured by H. The same for any number of threads.
Result<void> searchOutputScales(const UnitSearch &search, const FloatBlocks &blocks, const InputMoments &moments,
                                const TaskContext &context, const ScaleStore &store);

/// Errors of weights under a scale, one per weight; false, and nothing written, when the scale is not finite.
bool unitErrors(const UnitSearch &search, std::span<const float> weights, const ScaleAndZeroPoint &with,
                std::span<double> errors);

/// eᵀ·H·e for one matrix of some moments.
double outputError(std::span<const double> errors, const InputMoments &moments, std::span<const double> matrix);

} // namespace qs
