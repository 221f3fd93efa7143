// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FloatBlocks: any tensor, any channel axis → blocks of float rows, streamed from the file.
#pragma once

#include "core/base/read_buffer.h"
#include "core/base/result.h"
#include "core/kernels/kernels.h"
#include "core/tensor/matrix_shape.h"
#include "core/tensor/tensor_bytes.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace qs {

/// A rectangle of the matrix form [channels, weights] of a tensor.
struct BlockRange {
    std::uint64_t channel = 0;
    std::uint64_t channels = 0;
    std::uint64_t weight = 0; ///< first weight inside each channel
    std::uint64_t weights = 0;

    std::uint64_t size() const { return channels * weights; }
};

/// How a matrix is cut into pieces of work. Depends on the shape alone, never on the number of threads, so that sums
/// are added in the same order everywhere.
class BlockLayout
{
public:
    /// Whole channels per block where a channel is short; else one channel in pieces that start at multiples of
    /// 1024 weights. `wide` asks for larger blocks (channels that lie apart in the file).
    BlockLayout(MatrixShape shape, bool wide);

    std::uint64_t count() const { return m_count; }
    BlockRange block(std::uint64_t index) const;
    /// True when a channel is spread over several blocks.
    bool splitsChannels() const { return m_piecesPerChannel > 1; }

private:
    MatrixShape m_shape;
    std::uint64_t m_channelsPerBlock = 1;
    std::uint64_t m_weightsPerPiece = 0;
    std::uint64_t m_piecesPerChannel = 1;
    std::uint64_t m_count = 0;
};

/// Where an element of the matrix form lies in the tensor: run of `inner` neighbours for each (matrix, outer, channel).
struct AxisLayout {
    std::uint64_t matrices = 1; ///< of a stack
    std::uint64_t outer = 1;
    std::uint64_t channels = 1; ///< of one matrix
    std::uint64_t inner = 1;

    static AxisLayout of(const TensorInfo &tensor, int axis);
    bool contiguous() const { return outer == 1; }
    std::uint64_t matrixSize() const { return outer * channels * inner; }
};

/// Calls use(first element of the matrix, first channel in it, channels, first row in the block) for each matrix that
/// the channels of a block belong to.
template <class Use> void forEachMatrix(const AxisLayout &axis, const BlockRange &range, Use use)
{
    for (std::uint64_t row = 0; row < range.channels;) {
        const std::uint64_t matrix = (range.channel + row) / axis.channels;
        const std::uint64_t first = (range.channel + row) % axis.channels;
        const std::uint64_t left = range.channels - row;
        const std::uint64_t count = axis.channels - first < left ? axis.channels - first : left;
        use(matrix * axis.matrixSize(), first, count, row);
        row += count;
    }
}

/// Calls copy(source element, target index in the block, length) for each run of neighbours of a block; sources count
/// elements of the tensor, targets count elements of the row-major block.
template <class Copy> void forEachRun(const AxisLayout &axis, const BlockRange &range, Copy copy)
{
    forEachMatrix(axis, range, [&](std::uint64_t matrix, std::uint64_t first, std::uint64_t count, std::uint64_t row) {
        for (std::uint64_t c = 0; c < count; ++c) {
            for (std::uint64_t done = 0; done < range.weights;) {
                const std::uint64_t k = range.weight + done;
                const std::uint64_t o = k / axis.inner;
                const std::uint64_t i = k % axis.inner;
                const std::uint64_t left = range.weights - done;
                const std::uint64_t length = axis.inner - i < left ? axis.inner - i : left;
                copy(matrix + (o * axis.channels + first + c) * axis.inner + i, (row + c) * range.weights + done,
                     length);
                done += length;
            }
        }
    });
}

/// Weights of a block as kernels take them, row after row.
struct WeightRows {
    const std::byte *data = nullptr;
    FloatType type = FloatType::F32;
    std::size_t rowBytes = 0;

    const std::byte *row(std::uint64_t channel) const { return data + channel * rowBytes; }
};

/// Reads blocks of one tensor as float32, whatever TensorInfo::hasFloatValues(); codes of a quantized layer are read
/// with readCodes(), in the signed form of TensorElements::codes(). Cheap to copy; safe to use from several threads
/// with one buffer each.
class FloatBlocks
{
public:
    FloatBlocks(TensorView tensor, int channelAxis);

    MatrixShape shape() const { return m_shape; }
    const AxisLayout &axis() const { return m_axis; }
    BlockLayout layout() const { return {m_shape, !m_axis.contiguous()}; }

    /// Fills `values` with the block, row-major. Errors as InputFile::read().
    Result<void> read(const BlockRange &range, std::vector<float> &values) const;
    /// Reads the block into `buffer`: as f32, f16 or bf16 where the file holds these in the order of the block, else as
    /// float32. The rows live until the buffer is used again.
    Result<WeightRows> rows(const BlockRange &range, ReadBuffer &buffer) const;
    /// The same as float32, whatever the file holds.
    Result<WeightRows> floatRows(const BlockRange &range, ReadBuffer &buffer) const;
    /// Fills `codes` with the block, row-major.
    Result<void> readCodes(const BlockRange &range, std::vector<std::int8_t> &codes) const;

private:
    std::optional<FloatType> directType() const;
    Result<void> readFloats(const BlockRange &range, float *values) const;
    Result<void> readElements(const BlockRange &range, std::byte *target) const;
    Result<void> gatherMatrix(const BlockRange &range, std::uint64_t matrix, std::byte *target) const;

    TensorView m_view;
    MatrixShape m_shape;
    AxisLayout m_axis;
    std::size_t m_elementSize = 4;
    std::optional<TensorElements> m_elements; ///< for all that is not read from the file as it stands
};

} // namespace qs
