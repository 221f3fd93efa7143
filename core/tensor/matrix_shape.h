// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// MatrixShape: a tensor seen as a matrix of channels.
#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>

namespace qs {

/// No channels: all elements are one row.
inline constexpr int kNoAxis = -1;

/// Matrix form [channels N, weights per channel K] of a tensor when `axis` is its output-channel axis (or kNoAxis).
struct MatrixShape {
    std::uint64_t channels = 0;
    std::uint64_t weights = 0;
    bool operator==(const MatrixShape &) const = default;
};
MatrixShape matrixShape(const TensorInfo &tensor, int axis);

} // namespace qs
