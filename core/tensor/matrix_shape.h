// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// MatrixShape: a tensor seen as a matrix of channels.
#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>

namespace qs {

/// No channels: all elements are one row.
inline constexpr int kNoAxis = -1;

/// Matrix form [channels N, weights per channel K] of a tensor when `axis` is its output-channel axis (or kNoAxis). The
/// channels of a stack of matrices are those of its matrices, one matrix behind the other, unless `axis` is one of the
/// axes that count the matrices.
struct MatrixShape {
    std::uint64_t channels = 0;
    std::uint64_t weights = 0;
    bool operator==(const MatrixShape &) const = default;
};
MatrixShape matrixShape(const TensorInfo &tensor, int axis);

/// Matrices that the channels of that axis belong to: 1 for all that is no stack.
std::uint64_t matricesOf(const TensorInfo &tensor, int axis);

} // namespace qs
