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

/// One layer: what was decided, what that does to its weights, and what it costs.
struct LayerReport {
    std::string name;   ///< of the weight tensor: "encoder.fc.weight"
    std::string module; ///< the name without ".weight"
    Op op = Op::Linear;
    std::vector<std::uint64_t> shape; ///< as stored
    DType dtype = DType::F32;         ///< of the stored elements
    std::string typeName;             ///< "f32", "q4_k"
    MatrixShape matrix;               ///< one row per channel along decision.channelAxis
    Decision decision;                ///< as it could really be carried out: kept, with the reason, where it could not
    bool alreadyQuantized = false;    ///< holds codes in the file
    bool canQuantize = true;          ///< false: NaN, ∞, empty, already quantized …
    std::shared_ptr<const WeightStatistics> statistics; ///< null for layers that hold codes
    /// Present for quantized layers; for kept ones, when asked for, what it would be.
    std::shared_ptr<const LayerQuantization> quantization;
    Metrics metrics;               ///< of the weights; empty for kept layers
    std::uint64_t bytesBefore = 0; ///< of the weights as floats: those in the file, or those that codes were made of
    /// Of the weights in the smallest layout that the scheme allows: codes packed to their bits, scales and zero points
    /// beside them; of a kept layer, as stored. An export may need more: ExportPlan::bytes is the size of a file.
    std::uint64_t bytesAfter = 0;
    std::vector<Text> notes; ///< sentences: raised or underflown scales, overflow
    LayerOutputError outputError;

    /// The layer has scales, or will have some. A quantization of any other layer is only what it would be.
    bool hasScales() const { return quantization && (decision.quantize || alreadyQuantized); }
};

struct ReportTotal {
    std::size_t layers = 0;
    std::size_t quantized = 0;
    std::size_t kept = 0;
    /// Error energies over all layers whose float weights are known: a kept one adds its signal and no error, so that
    /// keeping a layer never makes the model look worse. zeroShare and clippedShare are shares of the quantized
    /// weights. Empty when nothing is quantized.
    Metrics metrics;
    Metrics quantizedMetrics;              ///< over quantized layers only; empty when there are none
    std::uint64_t bytesBefore = 0;         ///< of all tensors of the model, those of layers as LayerReport::bytesBefore
    std::uint64_t bytesAfter = 0;          ///< the same with LayerReport::bytesAfter
    std::optional<double> bitsPerWeight;   ///< over quantized layers, scales included
    std::optional<std::size_t> worstLayer; ///< index, see worstLayer()
};

struct Report {
    std::vector<std::shared_ptr<const LayerReport>> layers; ///< in the order of model.layers; null while pending
    OutputErrorReport outputError;
    std::shared_ptr<const ChainSearch> chain; ///< under the recipe's activation, never null; run or not
    ReportTotal total;
    Text chosenOn; ///< on which samples scales or codes were chosen; empty when inputs decide nothing
    bool complete = false;
};

} // namespace qs
