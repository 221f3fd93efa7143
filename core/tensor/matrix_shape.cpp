// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/matrix_shape.h"

#include <cassert>

namespace qs {

MatrixShape matrixShape(const TensorInfo &tensor, int axis)
{
    if (axis == kNoAxis || tensor.shape.empty())
        return {1, tensor.elements()};
    assert(axis >= 0 && static_cast<std::size_t>(axis) < tensor.shape.size());
    const std::size_t stack = axis < tensor.stackAxes ? 0 : tensor.stackAxes;
    MatrixShape result{1, 1};
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) // readers have checked that this fits
        (i < stack || i == static_cast<std::size_t>(axis) ? result.channels : result.weights) *= tensor.shape[i];
    return result;
}

std::uint64_t matricesOf(const TensorInfo &tensor, int axis)
{
    std::uint64_t result = 1;
    for (std::size_t i = 0; axis >= tensor.stackAxes && i < tensor.stackAxes; ++i)
        result *= tensor.shape[i];
    return result;
}

} // namespace qs
