// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Output errors of single layers without a network, and what running a chain costs.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/network_inputs.h"
#include "core/eval/value.h"
#include "core/network/chain.h"

#include <optional>

namespace qs {

/// ‖x(W−Ŵ)ᵀ‖ / ‖xWᵀ‖ of one Linear layer, weights [out, in], for its own inputs; empty when ‖xWᵀ‖ is zero or not
/// finite.
Result<std::optional<double>> layerOutputError(const Value &weights, const Value &quantized, const ChainLayer &layer,
                                               const NetworkInputs &inputs, const TaskContext &context);

/// GFLOP of a whole run, all layers alone included.
double networkGigaFlop(const Chain &chain, std::uint64_t samples);
/// Memory for the inputs and the outputs of all layers of one run.
std::uint64_t activationBytes(const Chain &chain, std::uint64_t samples);
/// Speed of products on this machine in GFLOP/s, measured once for a few milliseconds.
double productSpeed();

} // namespace qs
