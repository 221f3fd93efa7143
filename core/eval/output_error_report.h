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
};

enum class OutputErrorKind : std::uint8_t { None, Layer, Network };

/// Result of running the float and the quantized network.
struct OutputErrorReport {
    OutputErrorKind kind = OutputErrorKind::None;
    Text reason;                 ///< why nothing was run; empty otherwise
    bool onRequest = false;      ///< a network was recognised, but it is too large to be run by itself
    double estimatedSeconds = 0; ///< expected time when onRequest
    double gigaFlop = 0;
    Text inputs;                    ///< what was fed: "360 held-out images …", "256 samples N(0, 1), seed 0"
    Text assumed;                   ///< what was assumed: "ReLU between layers, none after the last"
    std::vector<std::size_t> order; ///< layer indices of the chain
    std::uint64_t samples = 0;
    std::uint64_t outputs = 0;
    std::optional<double> relativeError; ///< total, equals upToHere of the last layer
    bool exact = false;
    Text notAvailable; ///< why relativeError is empty although the network ran ("the output is all zero")
    std::optional<double> sqnrDb;
    std::optional<double> maxAbsError;
    std::optional<double> meanAbsErrorX1000;
    std::optional<double> top1Agreement;  ///< 0..1, for more than one output
    std::optional<double> accuracyBefore; ///< 0..1, with labels
    std::optional<double> accuracyAfter;
};

} // namespace qs
