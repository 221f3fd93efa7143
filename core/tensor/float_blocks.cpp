// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/float_blocks.h"

#include "core/base/checked_math.h"
#include "core/base/input_file.h"
#include "core/kernels/kernels.h"
#include "core/tensor/coded_values.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace qs {

namespace {

// 1 MiB of float32 per block: enough to hide the cost of handing out work, small enough for the second-level cache
// and for a stop within a millisecond.
constexpr std::uint64_t kBlockWeights = 256 * 1024;
// Channels that lie apart are gathered in larger tiles, so that the neighbours read at a time are longer.
constexpr std::uint64_t kWideBlockWeights = 1024 * 1024;

/// Transposes a gather where channels are neighbours (inner == 1): reads each run of channels once, in file order.
void gatherTransposed(const AxisLayout &axis, const BlockRange &range, const std::byte *source, std::size_t size,
                      std::byte *target)
{
    for (std::uint64_t k = 0; k < range.weights; ++k) {
        const std::byte *run = source + ((range.weight + k) * axis.channels + range.channel) * size;
        for (std::uint64_t c = 0; c < range.channels; ++c)
            std::memcpy(target + (c * range.weights + k) * size, run + c * size, size);
    }
}

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
    default:
        std::memcpy(values, source, count * sizeof(float));
        break;
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

AxisLayout AxisLayout::of(const std::vector<std::uint64_t> &shape, int axis)
{
    AxisLayout result;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (axis == kNoAxis)
            result.inner *= shape[i];
        else if (i < static_cast<std::size_t>(axis))
            result.outer *= shape[i];
        else if (i == static_cast<std::size_t>(axis))
            result.channels = shape[i];
        else
            result.inner *= shape[i];
    }
    return result;
}

FloatBlocks::FloatBlocks(TensorView tensor, int channelAxis)
    : m_view(std::move(tensor))
    , m_shape(matrixShape(*m_view.info, channelAxis))
    , m_axis(AxisLayout::of(m_view.info->shape, channelAxis))
    , m_elementSize(bitsOf(m_view.info->dtype) / 8)
{
    const TensorInfo &info = *m_view.info;
    if (!isPacked(info) || !(isWeightFloat(info.dtype) || info.dtype == DType::I8))
        m_elements.emplace(m_view);
}

void FloatBlocks::gatherStrided(const BlockRange &range, std::vector<std::byte> &bytes) const
{
    bytes.resize(range.size() * m_elementSize);
    if (m_axis.inner == 1) {
        gatherTransposed(m_axis, range, m_view.bytes.data(), m_elementSize, bytes.data());
        return;
    }
    forEachRun(m_axis, range, [&](std::uint64_t source, std::uint64_t target, std::uint64_t length) {
        std::memcpy(bytes.data() + target * m_elementSize, m_view.bytes.data() + source * m_elementSize,
                    length * m_elementSize);
    });
}

Result<void> FloatBlocks::read(const BlockRange &range, std::vector<float> &values) const
{
    if (const Encoding *encoding = m_view.info->encoding; encoding && !encoding->hasValues())
        return fail(ErrorCode::Work, encoding->withoutValues, fmt::format("tensor '{}'", m_view.info->name));
    values.resize(range.size());
    const DType type = m_view.info->dtype;
    if (m_elements) {
        readFloatBlock(*m_elements, m_axis, range, values.data());
    } else if (m_axis.contiguous()) {
        const std::byte *source =
            m_view.bytes.data() + (range.channel * m_shape.weights + range.weight) * m_elementSize;
        convert(type, source, values.size(), values.data()); // blocks are whole channels or a piece of one
    } else {
        thread_local std::vector<std::byte> gathered;
        gatherStrided(range, gathered);
        convert(type, gathered.data(), values.size(), values.data());
    }
    return check();
}

/// Type of blocks that kernels can read from the file as they stand.
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

Result<WeightRows> FloatBlocks::rows(const BlockRange &range, std::vector<float> &buffer) const
{
    if (const auto type = directType()) {
        // Blocks are whole channels, or a piece of one.
        const std::uint64_t first = (range.channel * m_shape.weights + range.weight) * m_elementSize;
        const auto bytes = m_view.bytes.subspan(first, range.size() * m_elementSize);
        m_view.file->willRead(bytes);
        return WeightRows{bytes.data(), *type, range.weights * m_elementSize};
    }
    QS_CHECK(read(range, buffer));
    return WeightRows{reinterpret_cast<const std::byte *>(buffer.data()), FloatType::F32,
                      range.weights * sizeof(float)};
}

Result<void> FloatBlocks::check() const
{
    if (const Encoding *encoding = m_view.info->encoding; encoding && encoding->values)
        QS_CHECK(encoding->values->check());
    return m_view.file->check();
}

Result<void> FloatBlocks::readCodes(const BlockRange &range, std::vector<std::int8_t> &codes) const
{
    codes.resize(range.size());
    if (m_elements) {
        readCodeBlock(*m_elements, m_axis, range, codes.data());
        return m_view.file->check();
    }
    thread_local std::vector<std::byte> gathered;
    gatherStrided(range, gathered);
    std::memcpy(codes.data(), gathered.data(), codes.size());
    return m_view.file->check();
}

} // namespace qs
