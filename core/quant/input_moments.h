// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// InputMoments: what a layer is fed, as far as the error of its output depends on it.
#pragma once

#include "core/base/text.h"
#include "core/tensor/matrix_shape.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qs {

/// Second moments H = Σ x·xᵀ / rows of the rows x that the weights of a channel are multiplied with. The mean squared
/// error of a channel's output under an error e of its weights is eᵀ·H·e.
struct InputMoments {
    std::uint64_t weights = 0;  ///< K of a channel
    std::uint64_t matrices = 1; ///< of a stack, or groups of a convolution; channels belong to them in order
    std::uint64_t rows = 0;     ///< that were summed, of all matrices
    bool full = true;           ///< false: only the diagonals
    /// By matrix: the lower triangle of H row by row, K·(K+1)/2 numbers, or its diagonal, K numbers.
    std::vector<double> values = {};
    std::uint64_t id = 0; ///< equal contents have equal ids, for caches
    Text about = {};      ///< for people: on which samples
    bool half = false;    ///< every other sample that the network is fed was summed, the rest is held out

    std::size_t size() const { return full ? weights * (weights + 1) / 2 : weights; }
    /// Of the matrix that a channel of `shape` belongs to.
    std::span<const double> matrixOf(std::uint64_t channel, const MatrixShape &shape) const
    {
        return std::span(values).subspan(channel / (shape.channels / matrices) * size(), size());
    }
    /// H[i, i] of such a span.
    double diagonal(std::span<const double> matrix, std::uint64_t i) const
    {
        return matrix[full ? i * (i + 1) / 2 + i : i];
    }
    /// Whether they are of a layer of that shape.
    bool fits(const MatrixShape &shape) const
    {
        return weights == shape.weights && matrices > 0 && shape.channels % matrices == 0 && shape.channels > 0 &&
               values.size() == matrices * size();
    }
};

} // namespace qs
