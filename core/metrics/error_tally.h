// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ErrorTally: adds up error energies of a matrix block by block, in an order that depends on its shape alone.
#pragma once

#include "core/kernels/kernels.h"
#include "core/metrics/error_metrics.h"
#include "core/scheme/scale_table.h"
#include "core/tensor/float_blocks.h"

#include <vector>

namespace qs {

/// Whether squares of the errors of a row with this largest |x| overflow float32 or lose bits (NUMERICS.md §3).
inline bool needsWideSums(float largest)
{
    return largest != 0 && (largest < 0x1p-40F || largest > 0x1p40F);
}

/// Used by quantizeLayer() and by compare(), which is why their numbers agree to the bit. add() may be called from
/// several threads, once per block.
class ErrorTally
{
public:
    /// `matrices`: how many matrices of a stack the channels belong to, all of one size.
    ErrorTally(MatrixShape shape, const BlockLayout &layout, std::uint64_t matrices = 1);

    /// x original, y dequantized, row-major like the block. `scales` null: no RMSE / scale. `largest(channel)` is the
    /// largest |x| of a whole channel.
    struct Block {
        std::uint64_t index = 0;
        BlockRange range;
        const float *x = nullptr;
        const float *y = nullptr;
        const ScaleTable *scales = nullptr;
        const float *largest = nullptr; ///< one per channel of the block
        std::uint64_t clipped = 0;
        std::uint64_t zeroCodes = 0;
    };
    void add(const Block &block);
    /// The same for callers that have measured: a row, or a piece of a row where channels are spread over blocks.
    void addRow(std::uint64_t block, std::uint64_t channel, const RowSums &row);
    void addCodes(std::uint64_t block, std::uint64_t clipped, std::uint64_t zeroCodes);

    /// Totals over all blocks, in index order.
    ErrorSums sums();
    /// √(mean (e/scale)²) of each channel; valid after sums().
    std::vector<float> takeRmsePerScale() { return std::move(m_rmsePerScale); }
    /// ‖e‖/‖x‖ of each matrix of a stack, NaN where x is 0; valid after sums(). Empty when there is one matrix.
    std::vector<double> matrixErrors() const;

private:
    struct Energies {
        double error = 0;
        double signal = 0;
    };

    void addTotals(ErrorSums &sums, const RowSums &row, std::uint64_t channel);

    MatrixShape m_shape;
    std::uint64_t m_matrices = 1;
    std::vector<Energies> m_channels; ///< of stacks only
    bool m_splitsChannels = false;
    std::vector<ErrorSums> m_blocks;
    std::vector<RowSums> m_pieces; ///< one per block when channels are spread over blocks
    std::vector<float> m_rmsePerScale;
};

} // namespace qs
