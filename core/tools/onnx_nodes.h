// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes of an ONNX file that multiply by weights in the way that ONNX Runtime's quantizer takes.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"

#include <string>
#include <vector>

namespace qs {

/// One node of the main graph.
struct WeightNode {
    std::string name;     ///< its own, or that of its first output where it has none or shares it
    std::string opType;   ///< "Conv"
    bool renamed = false; ///< the file has another name for it, or none
    /// Layers whose tensors are its weights, as initializers; empty when none of its weights is one.
    std::vector<std::size_t> layers;
    bool quantizable = false; ///< ONNX Runtime would quantize it
};

/// All nodes of the main graph of the kinds that ONNX Runtime quantizes with constant weights: Conv, MatMul, Gemm,
/// LSTM. The model is one of an ONNX file. Errors of reading, Cancelled.
Result<std::vector<WeightNode>> weightNodes(const Model &model, const TaskContext &context);

} // namespace qs
