// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which inputs of which nodes are weights, and along which axis the outputs lie (FORMATS.md §3.7.3).
#pragma once

#include "core/base/text.h"
#include "core/formats/onnx/axis_trace.h"
#include "core/formats/onnx/node_view.h"

namespace qs::onnx {

/// How codes are turned into weights, when the node itself does that.
enum class Codes : std::uint8_t {
    None,     ///< the input is weights
    Scaled,   ///< codes with a scale and perhaps a zero point among the node's inputs
    Unscaled, ///< codes whose scale is applied to the result, somewhere else
    Packed    ///< codes in a layout of the node's own
};

/// A node that uses a tensor as a weight.
struct Consumption {
    Op op = Op::Linear;
    std::optional<std::size_t> axis; ///< of the tensor as the node sees it
    std::size_t batchAxes = 0;       ///< leading axes that count matrices of a batched product
    Text reason;                     ///< "MatMul multiplies by it from the right: [in, out], outputs are axis 1"
    std::optional<std::size_t> biasInput;
    bool addsBiasLater = false; ///< a following Add may be its bias
    Codes codes = Codes::None;
    std::size_t scaleInput = 0; ///< of Codes::Scaled
    std::size_t zeroPointInput = 0;
    bool wrongGroup = false; ///< the attribute 'group' contradicts the weight's shape
};

/// Empty when the input is no weight of the node. `trace` is null when the axes could not be followed so far.
std::optional<Consumption> consumptionOf(const NodeView &view, std::uint32_t input, const AxisTrace *trace);

} // namespace qs::onnx
