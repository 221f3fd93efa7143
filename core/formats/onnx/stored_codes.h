// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that an ONNX file holds as codes with scales and zero points.
#pragma once

#include "core/formats/onnx/follower.h"

namespace qs::onnx {

/// The role of a tensor of codes. `finding` is the node that uses it, if there is one; `dequantizing` the scales.
/// Codes that cannot be decoded get a role with the reason.
TensorRole storedCodesRole(const Model &model, std::size_t tensor, const Finding *finding,
                           const Dequantizing &dequantizing);

/// The same for codes that only their node can decode.
TensorRole undecodedCodesRole(const Model &model, std::size_t tensor, const Finding &finding);

} // namespace qs::onnx
