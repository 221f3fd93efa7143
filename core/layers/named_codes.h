// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole numbers whose scale only names tell: ONNX Runtime's dynamic and 16-bit weights, and quantized biases.
#pragma once

#include "core/model/model.h"

#include <memory>
#include <vector>

namespace qs {

/// What such a tensor stands for.
struct NamedCodes {
    std::shared_ptr<const CodedValues> values; ///< null: the tensor is none
    std::vector<std::size_t> parts = {};       ///< its scales and zero points
};

/// Values (code − zero point) · scale in float32 of a tensor X or X_quantized of an ONNX file that holds X_scale,
/// perhaps X_zero_point, or the same behind the whole name. Scales are one value, or one for each element of an axis.
/// Of a bias that says so, TensorRole::scaledBy are its scales. Nothing for all other tensors, and where the axis is
/// not known.
NamedCodes codesByName(const Model &model, std::size_t tensor);

} // namespace qs
