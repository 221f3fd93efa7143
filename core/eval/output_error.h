// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Output error: run the float and the quantized network and compare what comes out.
#pragma once

#include "core/base/fingerprint.h"
#include "core/base/lru_cache.h"
#include "core/base/task_context.h"
#include "core/eval/network_inputs.h"
#include "core/eval/output_error_report.h"
#include "core/network/chain.h"
#include "core/recipe/recipe.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace qs {

/// What network runs came to, by inputs, activations and decisions up to a layer.
struct OutputCache {
    using Values = std::shared_ptr<const std::vector<float>>;

    LruCache<Fingerprint, Values> outputs; ///< of one layer, before its activation
    LruCache<Fingerprint, std::optional<double>> aloneErrors;

    OutputCache();
};

/// Weights of one layer as [out, in] float32, in the tensor's own order.
using WeightValues = std::shared_ptr<const std::vector<float>>;

struct NetworkRun {
    const Model &model;
    const Chain &chain;
    const NetworkInputs &inputs;
    const std::vector<Decision> &decisions; ///< per model layer, as really carried out
    /// Float weights (quantized = false) or dequantized ones of a model layer.
    std::function<Result<WeightValues>(std::size_t layer, bool quantized, const TaskContext &)> weights;
    OutputCache &cache;
    std::function<void()> onProduct; ///< counts layer products that were really computed
};

struct NetworkResult {
    std::vector<LayerOutputError> layers; ///< per model layer
    OutputErrorReport total;              ///< numbers only
};

/// Streams once over the layers; activations are held for the float network, the quantized one and each layer alone.
/// Products are cut by the numbers of samples and outputs alone, and each runs on one thread: bits do not depend on the
/// number of threads.
Result<NetworkResult> runNetwork(const NetworkRun &run, const TaskContext &context);

/// ‖x(W−Ŵ)ᵀ‖ / ‖xWᵀ‖ of one Linear layer for its own inputs; empty when ‖xWᵀ‖ is zero or not finite.
Result<std::optional<double>> layerOutputError(const std::vector<float> &weights, const std::vector<float> &quantized,
                                               const ChainLayer &layer, const NetworkInputs &inputs,
                                               const TaskContext &context);

/// GFLOP of a whole run, all layers alone included.
double networkGigaFlop(const Chain &chain, std::uint64_t samples);
/// Memory for the activations that a run holds at once: of the float network, the quantized one, and each layer alone.
std::uint64_t activationBytes(const Chain &chain, std::uint64_t samples);
/// Speed of products on this machine in GFLOP/s, measured once for a few milliseconds.
double productSpeed();

} // namespace qs
