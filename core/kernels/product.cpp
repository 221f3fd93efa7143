// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix product of the network run.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

void product(const float *x, std::size_t xStride, const float *w, std::size_t wStride, float *y, std::size_t yStride,
             std::size_t rows, std::size_t outputs, std::size_t depth)
{
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Stride = Eigen::OuterStride<>;
    const auto index = [](std::size_t value) { return static_cast<Eigen::Index>(value); };
    const Eigen::Map<const Matrix, 0, Stride> a(x, index(rows), index(depth), Stride(index(xStride)));
    const Eigen::Map<const Matrix, 0, Stride> b(w, index(outputs), index(depth), Stride(index(wStride)));
    Eigen::Map<Matrix, 0, Stride> c(y, index(rows), index(outputs), Stride(index(yStride)));
    c.noalias() = a * b.transpose();
}

} // namespace qs::QS_LEVEL
