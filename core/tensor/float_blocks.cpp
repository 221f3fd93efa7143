// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/float_blocks.h"

#include "core/base/checked_math.h"
#include "core/kernels/kernels.h"

#include <algorithm>
#include <cassert>

namespace qs {

namespace {

// 1 MiB of float32 per block: enough to hide the cost of handing out work, small enough for the second-level cache
// and for a stop within a millisecond.
constexpr std::uint64_t kBlockWeights = 256 * 1024;
// Channels that lie apart are gathered in larger tiles, so that the neighbours read at a time are longer.
constexpr std::uint64_t kWideBlockWeights = 1024 * 1024;

void convert(DType type, const std::byte *source, std::size_t count, float *values)
{
    switch (type) {
    case DType::F64:
        kernels().fromF64(source, count, values);
        break;
    case DType::F16:
        kernels().fromF16(source, count, values);
        break;
    case DType::BF16:
        kernels().fromBf16(source, count, values);
        break;
    default: // float32 is read where it belongs
        assert(false);
    }
}

} // namespace

BlockLayout::BlockLayout(MatrixShape shape, bool wide)
    : m_shape(shape)
{
    const std::uint64_t budget = wide ? kWideBlockWeights : kBlockWeights;
    m_weightsPerPiece = shape.weights;
    if (shape.channels == 0 || shape.weights == 0)
        return;
    if (shape.weights > kWideBlockWeights) {
        m_weightsPerPiece = kBlockWeights; // a multiple of kFlushInterval
        m_piecesPerChannel = ceilDiv(shape.weights, m_weightsPerPiece);
        m_count = shape.channels * m_piecesPerChannel;
        return;
    }
    m_channelsPerBlock = std::max<std::uint64_t>(1, budget / shape.weights);
    m_count = ceilDiv(shape.channels, m_channelsPerBlock);
}

BlockRange BlockLayout::block(std::uint64_t index) const
{
    if (m_piecesPerChannel > 1) {
        const std::uint64_t weight = index % m_piecesPerChannel * m_weightsPerPiece;
        return {index / m_piecesPerChannel, 1, weight, std::min(m_weightsPerPiece, m_shape.weights - weight)};
    }
    const std::uint64_t channel = index * m_channelsPerBlock;
    return {channel, std::min(m_channelsPerBlock, m_shape.channels - channel), 0, m_shape.weights};
}

AxisLayout AxisLayout::of(const TensorInfo &tensor, int axis)
{
    AxisLayout result;
    const std::size_t stack = axis < tensor.stackAxes ? 0 : tensor.stackAxes;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        if (axis == kNoAxis)
            result.inner *= tensor.shape[i];
        else if (i < stack)
            result.matrices *= tensor.shape[i];
        else if (i < static_cast<std::size_t>(axis))
            result.outer *= tensor.shape[i];
        else if (i == static_cast<std::size_t>(axis))
            result.channels = tensor.shape[i];
        else
            result.inner *= tensor.shape[i];
    }
    return result;
}

FloatBlocks::FloatBlocks(TensorView tensor, int channelAxis)
    : m_view(std::move(tensor))
    , m_shape(matrixShape(*m_view.info, channelAxis))
    , m_axis(AxisLayout::of(*m_view.info, channelAxis))
    , m_elementSize(bitsOf(m_view.info->dtype) / 8)
{
    const TensorInfo &info = *m_view.info;
    if (!isPacked(info) || !(isWeightFloat(info.dtype) || info.dtype == DType::I8))
        m_elements.emplace(m_view);
}

/// Fills `target` with the elements of the block, row-major, as they are in the file.
Result<void> FloatBlocks::readElements(const BlockRange &range, std::byte *target) const
{
    if (m_axis.contiguous()) { // blocks are whole channels, or a piece of one
        const std::uint64_t first = range.channel * m_shape.weights + range.weight;
        return m_view.read(first * m_elementSize, {target, range.size() * m_elementSize});
    }
    Result<void> result;
    forEachMatrix(m_axis, range,
                  [&](std::uint64_t matrix, std::uint64_t first, std::uint64_t count, std::uint64_t row) {
                      if (result)
                          result = gatherMatrix({first, count, range.weight, range.weights}, matrix,
                                                target + row * range.weights * m_elementSize);
                  });
    return result;
}

/// As readElements() for channels of the matrix whose first element is `matrix`.
Result<void> FloatBlocks::gatherMatrix(const BlockRange &range, std::uint64_t matrix, std::byte *target) const
{
    // A pattern for all whole runs of `inner` neighbours, and one for a part of a run on either side of them.
    for (std::uint64_t done = 0; done < range.weights;) {
        const std::uint64_t outer = (range.weight + done) / m_axis.inner;
        const std::uint64_t inner = (range.weight + done) % m_axis.inner;
        const std::uint64_t left = range.weights - done;
        const bool whole = inner == 0 && left >= m_axis.inner;
        const std::uint64_t runs = whole ? left / m_axis.inner : 1;
        const std::uint64_t length = whole ? m_axis.inner : std::min(left, m_axis.inner - inner);
        Gather pattern;
        pattern.axes[0] = {runs, m_axis.channels * m_axis.inner, m_axis.inner};
        pattern.axes[1] = {range.channels, m_axis.inner, range.weights};
        pattern.axes[2] = {length, 1, 1};
        pattern.source = matrix + (outer * m_axis.channels + range.channel) * m_axis.inner + inner;
        pattern.target = done;
        QS_CHECK(gatherBytes(m_view, m_elementSize, pattern, target));
        done += runs * length;
    }
    return {};
}

Result<void> FloatBlocks::readFloats(const BlockRange &range, float *values) const
{
    if (const Encoding *encoding = m_view.info->encoding; encoding && !encoding->hasValues())
        return fail(ErrorCode::Work, encoding->withoutValues, Text::of("tensor '{}'", m_view.info->name));
    if (!m_view.info->hasFloatValues()) // codes that nobody has understood
        return fail(ErrorCode::Work, Text::of("{} numbers are not read as weights", m_view.info->typeName()),
                    Text::of("tensor '{}'", m_view.info->name));
    if (m_elements)
        return readFloatBlock(*m_elements, m_axis, range, values);
    if (m_view.info->dtype == DType::F32)
        return readElements(range, reinterpret_cast<std::byte *>(values));
    thread_local ReadBuffer buffer;
    const std::span<std::byte> elements = buffer.bytes(range.size() * m_elementSize);
    QS_CHECK(readElements(range, elements.data()));
    convert(m_view.info->dtype, elements.data(), range.size(), values);
    return {};
}

Result<void> FloatBlocks::read(const BlockRange &range, std::vector<float> &values) const
{
    values.resize(range.size());
    return readFloats(range, values.data());
}

/// Type of blocks that kernels can work on as they are in the file.
std::optional<FloatType> FloatBlocks::directType() const
{
    if (m_elements || !m_axis.contiguous())
        return std::nullopt;
    switch (m_view.info->dtype) {
    case DType::F32:
        return FloatType::F32;
    case DType::F16:
        return FloatType::F16;
    case DType::BF16:
        return FloatType::BF16;
    default:
        return std::nullopt;
    }
}

Result<WeightRows> FloatBlocks::rows(const BlockRange &range, ReadBuffer &buffer) const
{
    if (const auto type = directType()) {
        const std::span<std::byte> bytes = buffer.bytes(range.size() * m_elementSize);
        QS_CHECK(readElements(range, bytes.data()));
        return WeightRows{bytes.data(), *type, range.weights * m_elementSize};
    }
    return floatRows(range, buffer);
}

Result<WeightRows> FloatBlocks::floatRows(const BlockRange &range, ReadBuffer &buffer) const
{
    const std::span<float> values = buffer.floats(range.size());
    QS_CHECK(readFloats(range, values.data()));
    return WeightRows{std::as_bytes(values).data(), FloatType::F32, range.weights * sizeof(float)};
}

Result<void> FloatBlocks::readCodes(const BlockRange &range, std::vector<std::int8_t> &codes) const
{
    codes.resize(range.size());
    if (m_elements)
        return readCodeBlock(*m_elements, m_axis, range, codes.data());
    return readElements(range, reinterpret_cast<std::byte *>(codes.data()));
}

} // namespace qs
