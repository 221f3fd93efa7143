// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// InputRows: what a node multiplies the weights of a layer with, as rows as long as a channel.
#pragma once

#include "core/eval/value.h"
#include "core/network/network.h"
#include "core/tensor/matrix_shape.h"

#include <cstddef>
#include <functional>
#include <span>

namespace qs {

/// Of one run of a node. Rows of matrix m are multiplied with the m-th part of the layer's channels.
struct InputRows {
    std::uint64_t matrices = 1; ///< parts of the channels that see rows of their own
    std::uint64_t count = 0;    ///< rows of each
    std::uint64_t weights = 0;  ///< numbers of a row
    /// Writes a row.
    std::function<void(std::uint64_t matrix, std::uint64_t row, float *to)> read;
};

/// How many matrices the channels of a layer of this shape belong to for a node: the groups of a convolution, or
/// `stack` matrices of a stack. 0 where the rows of such a node are not known. `input` is the one that holds the
/// weights.
std::uint64_t matricesFor(const NetworkNode &node, std::size_t input, std::uint64_t stack);

/// Rows of a product, a convolution (its patches) or the input of a recurrent node. Without rows where sizes do not
/// fit `weights`, the length of a channel.
InputRows inputRows(const NetworkNode &node, std::size_t input, std::span<const ValuePtr> inputs,
                    std::uint64_t weights);

} // namespace qs
