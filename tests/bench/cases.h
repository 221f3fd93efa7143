// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The cases that are timed, and the memory that they work on.
#pragma once

#include "tests/bench/buffer.h"
#include "tests/bench/runner.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace qs::bench {

struct MatrixSize {
    std::size_t rows = 0;
    std::size_t columns = 0; ///< a multiple of 64

    std::size_t count() const { return rows * columns; }
};

/// Levels made for this processor, best first.
std::vector<const char *> levels();

/// Runs body(first row, rows) over all rows in items of about `itemBytes`, on as many threads as setThreadCount() says.
void overRows(std::size_t rows, std::size_t rowBytes, const std::function<void(std::size_t, std::size_t)> &body);

/// One matrix of about normal weights, whose spread differs from row to row, in each of the types; and room for codes.
struct Weights {
    explicit Weights(MatrixSize size);

    MatrixSize size;
    Buffer<float> f32;
    Buffer<std::uint16_t> f16;
    Buffer<std::uint16_t> bf16;
    Buffer<std::int8_t> codes;
};

/// Rooflines (of the best level), kernels of all levels and what users of Eigen would write, on all of `weights`.
std::vector<Case> weightCases(const Weights &weights);

/// Operands of y[batch, n] = x[batch, k] · w[n, k]ᵀ.
struct Product {
    Product(std::size_t largestBatch, std::size_t size);

    std::size_t batch;
    std::size_t side; ///< depth and outputs
    Buffer<float> x;
    Buffer<float> w;
    Buffer<float> y;
};

/// The product of the network run at each level, and OpenBLAS where it was found.
std::vector<Case> productCases(const Product &product);

/// Bytes of blocks whose codes and scales mean nothing in particular.
Buffer<std::byte> randomBlocks(std::size_t bytes);

/// Decoders of GGUF's blocks at each level, beside reading the same bytes.
std::vector<Case> decodeCases(const Buffer<std::byte> &blocks);

} // namespace qs::bench
