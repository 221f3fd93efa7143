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
    MatrixShape result{tensor.shape[static_cast<std::size_t>(axis)], 1};
    for (std::size_t i = 0; i < tensor.shape.size(); ++i)
        if (i != static_cast<std::size_t>(axis))
            result.weights *= tensor.shape[i]; // readers have checked that this fits
    return result;
}

} // namespace qs
