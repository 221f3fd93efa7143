// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Report: everything that is known about a model under a recipe. Immutable, shared.
#pragma once

#include "core/eval/output_error_report.h"
#include "core/metrics/error_metrics.h"
#include "core/network/chain.h"
#include "core/quant/quantize.h"
#include "core/recipe/recipe.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qs {

struct LayerReport {
    std::string name;
    std::string module;
    Op op = Op::Linear;
    std::vector<std::uint64_t> shape;
    DType dtype = DType::F32;
    std::string typeName; ///< "f32", "q4_k"
    MatrixShape matrix;
    Decision decision;
    bool alreadyQuantized = false;                      ///< holds codes in the file
    bool canQuantize = true;                            ///< false: NaN, ∞, empty, already quantized …
    std::shared_ptr<const WeightStatistics> statistics; ///< null for layers that hold codes
    /// Present for quantized layers; for kept ones, when asked for, what it would be.
    std::shared_ptr<const LayerQuantization> quantization;
    Metrics metrics; ///< empty for kept layers
    std::uint64_t bytesBefore = 0;
    std::uint64_t bytesAfter = 0;
    std::vector<std::string> notes; ///< raised or underflown scales, overflow
    LayerOutputError outputError;
};

struct ReportTotal {
    std::size_t layers = 0;
    std::size_t quantized = 0;
    std::size_t kept = 0;
    /// Error energies over all layers whose float weights are known: a kept one adds its signal and no error, so that
    /// keeping a layer never makes the model look worse. zeroShare and clippedShare are shares of the quantized
    /// weights. Empty when nothing is quantized.
    Metrics metrics;
    std::uint64_t bytesBefore = 0;
    std::uint64_t bytesAfter = 0;
    std::optional<double> bitsPerWeight;   ///< over quantized layers, scales included
    std::optional<std::size_t> worstLayer; ///< index, see worstLayer()
};

struct Report {
    std::vector<std::shared_ptr<const LayerReport>> layers; ///< in the order of model.layers; null while pending
    OutputErrorReport outputError;
    std::shared_ptr<const ChainSearch> chain; ///< under the recipe's activation, never null; run or not
    ReportTotal total;
    bool complete = false;
};

} // namespace qs
