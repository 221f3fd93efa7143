// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that a node of ONNX Runtime decodes itself: the codes of MatMulNBits.
#pragma once

#include "core/formats/onnx/follower.h"

namespace qs::onnx {

/// Gives the codes that `finding` reads the shape and the values of the weight, [in, out] as a float MatMul has it, and
/// returns its role. Empty, with the model as it was, for other nodes and for what is not decoded: columns in groups by
/// order, a last block that is not whole, inputs that are computed.
std::optional<TensorRole> decodedByNode(Model &model, std::size_t tensor, const Finding &finding);

} // namespace qs::onnx
