// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What running the float and the quantized network found.
#pragma once

#include "core/base/text.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qs {

/// Output errors of one layer (NUMERICS.md §3), relative, 0…; empty when they do not exist.
struct LayerOutputError {
    std::optional<double> alone;       ///< network output error when only this layer is quantized
    std::optional<double> upToHere;    ///< this layer's output when all layers up to it are quantized
    std::optional<double> layerOutput; ///< without a network: for given inputs of this layer
    /// Of one sample, what goes into the first node that works with the weights, and what comes out; empty for chains.
    std::vector<std::int64_t> inputShape = {};
    std::vector<std::int64_t> outputShape = {};
    /// Share of rows of scores, 0..1, whose largest score is elsewhere when only this layer is quantized; empty where
    /// no output holds scores of classes.
    std::optional<double> top1Changed = {};
};

enum class OutputErrorKind : std::uint8_t { None, Layer, Network };

/// One input of the network, and what it was fed.
struct FedInput {
    std::string name;
    std::vector<std::int64_t> shape; ///< of one sample
    Text source;                     ///< "N(0, 1), seed 0", "faces.npy"
};

/// One output of the network.
struct NetworkOutputError {
    std::string name;
    std::vector<std::int64_t> shape;     ///< of one sample
    std::optional<double> relativeError; ///< over all samples
    bool exact = false;
    std::optional<double> sqnrDb;
    std::optional<double> maxAbsError;
    Text notAvailable;                 ///< why relativeError is empty
    std::string squashedBy;            ///< "Softmax", "Sigmoid": the operator that the output ends in; empty otherwise
    std::optional<double> errorBefore; ///< relative error of what goes into that operator
};

/// Result of running the float and the quantized network.
struct OutputErrorReport {
    OutputErrorKind kind = OutputErrorKind::None;
    Text reason; ///< why nothing was run; empty otherwise
    /// A network was recognised, but all of it takes too long to be run by itself. With kind Network only the errors
    /// alone are missing.
    bool onRequest = false;
    double estimatedSeconds = 0;      ///< expected time when onRequest
    std::uint64_t estimatedBytes = 0; ///< and the memory that values may take
    double gigaFlop = 0;              ///< of a chain; 0 where nobody counted
    Text inputs;                      ///< what was fed: "360 held-out images …", "256 samples N(0, 1), seed 0"
    Text assumed;                     ///< what was assumed: "ReLU between layers, none after the last"
    std::vector<std::size_t> order;   ///< layer indices in the order in which the network uses them
    bool endsWithLayer = true;        ///< the output of the last of them is that of the network
    std::vector<FedInput> fed;        ///< empty for chains
    std::vector<NetworkOutputError> networkOutputs;
    std::uint64_t samples = 0;
    std::uint64_t outputs = 0;
    /// Total: the largest of the outputs; of a chain it equals upToHere of the last layer.
    std::optional<double> relativeError;
    bool exact = false;
    Text notAvailable; ///< why relativeError is empty although the network ran ("the output is all zero")
    std::optional<double> sqnrDb;
    std::optional<double> maxAbsError;
    std::optional<double> meanAbsErrorX1000;
    std::optional<double> top1Agreement;  ///< 0..1, for more than one output
    std::optional<double> accuracyBefore; ///< 0..1, with labels
    std::optional<double> accuracyAfter;
    std::optional<double> klMean; ///< of language models, nats per token: KL(float network ‖ quantized network)
    std::optional<double> klMax;  ///< of the worst token
    std::optional<double> perplexityBefore; ///< for given tokens
    std::optional<double> perplexityAfter;
};

} // namespace qs
