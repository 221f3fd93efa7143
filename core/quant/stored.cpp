// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/stored.h"

#include "core/base/parallel.h"
#include "core/tensor/integers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

namespace qs {

ScaleTable scaleTableOf(const LayerQuantization &quantization)
{
    return {{quantization.scheme.granularity, quantization.shape},
            quantization.scales.data(),
            quantization.scales.data(),
            quantization.zeroPoints.empty() ? nullptr : quantization.zeroPoints.data(),
            quantization.offsets.empty() ? nullptr : quantization.offsets.data(),
            0};
}

ScaleAndZeroPoint storedScale(const LayerQuantization &quantization, std::uint64_t entry)
{
    ScaleAndZeroPoint result;
    result.scale = result.stored = quantization.scales[entry];
    if (!quantization.zeroPoints.empty())
        result.zeroPoint = quantization.zeroPoints[entry];
    if (!quantization.offsets.empty())
        result.offset = result.storedOffset = quantization.offsets[entry];
    return result;
}

namespace {

/// What a code stands for under an entry of the scale table.
float valueOf(const LayerQuantization &quantization, std::uint64_t entry, int code)
{
    const float scale = quantization.scales[entry];
    if (!quantization.offsets.empty())
        return static_cast<float>(code - quantization.scheme.codeMin()) * scale + quantization.offsets[entry];
    const int zero = quantization.zeroPoints.empty() ? 0 : quantization.zeroPoints[entry];
    return static_cast<float>(code - zero) * scale;
}

} // namespace

CodeLimits codeLimits(const LayerQuantization &quantization, std::optional<std::uint64_t> channel,
                      std::optional<std::uint64_t> group)
{
    const ScaleGeometry geometry{quantization.scheme.granularity, quantization.shape};
    const std::uint64_t first = channel ? geometry.firstOf(*channel) + group.value_or(0) : 0;
    const std::uint64_t last = group     ? first
                               : channel ? geometry.entryOf(*channel, quantization.shape.weights - 1)
                                         : geometry.count() - 1;
    const Scheme &scheme = quantization.scheme;
    CodeLimits limits;
    for (std::uint64_t i = first; i <= last; ++i) {
        const auto [low, high] = std::minmax({valueOf(quantization, i, scheme.codeMin()),
                                              valueOf(quantization, i, scheme.codeMax())}); // scales may be negative
        limits.low = std::min(limits.low, static_cast<double>(low));
        limits.high = std::max(limits.high, static_cast<double>(high));
    }
    return limits;
}

LayerValues::LayerValues(const Model &model, const Layer &layer, int channelAxis, const LayerQuantization *stored)
    : LayerValues(model.view(layer.tensor), channelAxis, layer.hasCodes() ? stored : nullptr)
{}

LayerValues::LayerValues(const TensorView &tensor, int channelAxis, const LayerQuantization *stored)
    : m_blocks(tensor, channelAxis)
    , m_stored(stored != nullptr)
{
    if (m_stored) {
        m_table = scaleTableOf(*stored);
        m_codeMin = stored->scheme.codeMin();
    }
}

Result<void> LayerValues::read(const BlockRange &range, std::vector<float> &values) const
{
    if (!m_stored)
        return m_blocks.read(range, values);
    thread_local std::vector<std::int8_t> codes;
    QS_CHECK(m_blocks.readCodes(range, codes));
    values.resize(range.size());
    for (std::uint64_t c = 0; c < range.channels; ++c) {
        const ScaleRun run = m_table.run(range.channel + c, range.weight);
        kernels().dequantize(codes.data() + c * range.weights, range.weights, &run, m_codeMin,
                             values.data() + c * range.weights);
    }
    return {};
}

namespace {

/// Zero points whose bits run down the channels in words of 32 bits, one column per group.
Result<void> readPackedZeroPoints(const Model &model, const StoredQuantization &stored, std::uint64_t channels,
                                  std::vector<std::int8_t> &zeroPoints)
{
    const TensorView view = model.view(*stored.zeroPoints);
    const std::uint64_t groups = view.info->shape[1];
    const auto bits = static_cast<unsigned>(stored.scheme.bits);
    const unsigned perWord = 32 / bits;
    std::vector<std::byte> words(view.info->elements() * 4);
    QS_CHECK(TensorElements(view).bytes(0, view.info->elements(), words.data()));
    zeroPoints.resize(channels * groups);
    for (std::uint64_t i = 0; i < zeroPoints.size(); ++i) {
        const std::uint64_t channel = i / groups;
        const auto word =
            loadElement<std::uint32_t>(words.data() + (channel / perWord * groups + i % groups) * 4, false);
        const unsigned code = word >> (channel % perWord * bits) & ((1U << bits) - 1);
        zeroPoints[i] = static_cast<std::int8_t>(static_cast<int>(code) - (1 << (bits - 1)));
    }
    return {};
}

Result<void> readZeroPoints(const Model &model, const Layer &layer, LayerQuantization &result)
{
    const StoredQuantization &stored = *layer.stored;
    if (!stored.zeroPoints) {
        if (stored.zeroPoint != 0)
            result.zeroPoints.assign(result.scales.size(), static_cast<std::int8_t>(stored.zeroPoint));
        return {};
    }
    if (stored.packedZeroPoints)
        return readPackedZeroPoints(model, stored, result.shape.channels, result.zeroPoints);
    const FloatBlocks blocks(model.view(*stored.zeroPoints), stored.partsAxis);
    const BlockRange all{0, blocks.shape().channels, 0, blocks.shape().weights};
    if (!isWeightFloat(model.tensors[*stored.zeroPoints].dtype))
        return blocks.readCodes(all, result.zeroPoints);
    std::vector<float> values; // whole numbers in the range of the codes
    QS_CHECK(blocks.read(all, values));
    for (const float value : values)
        result.zeroPoints.push_back(static_cast<std::int8_t>(value));
    return {};
}

} // namespace

Result<LayerQuantization> storedQuantization(const Model &model, const Layer &layer, const TaskContext &context)
{
    const StoredQuantization &stored = *layer.stored;
    LayerQuantization result;
    result.scheme = stored.scheme;
    result.channelAxis = layer.channelAxis;
    result.shape = matrixShape(model.tensorOf(layer), layer.channelAxis);
    result.groupsPerChannel = ScaleGeometry{stored.scheme.granularity, result.shape}.groupsPerChannel();
    const FloatBlocks scales(model.view(*stored.scales), stored.partsAxis);
    QS_CHECK(scales.read({0, scales.shape().channels, 0, scales.shape().weights}, result.scales));
    QS_CHECK(readZeroPoints(model, layer, result));
    if (stored.offsets) {
        const FloatBlocks offsets(model.view(*stored.offsets), stored.partsAxis);
        QS_CHECK(offsets.read({0, offsets.shape().channels, 0, offsets.shape().weights}, result.offsets));
    }
    const auto finite = [](float value) { return std::isfinite(value); };
    for (const float scale : result.scales) {
        result.zeroScales += scale == 0;
        result.negativeScales += scale < 0;
    }
    result.scalesFinite = std::ranges::all_of(result.scales, finite) && std::ranges::all_of(result.offsets, finite);

    result.channelMin.assign(result.shape.channels, std::numeric_limits<float>::infinity());
    result.channelMax.assign(result.shape.channels, -std::numeric_limits<float>::infinity());
    const LayerValues values(model, layer, layer.channelAxis, &result);
    const BlockLayout layout = values.blocks().layout();
    std::mutex mutex;
    QS_CHECK(parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        thread_local std::vector<float> x;
        const BlockRange range = layout.block(index);
        QS_CHECK(values.read(range, x));
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            RangeSums sums;
            kernels().range(x.data() + c * range.weights, range.weights, &sums);
            const std::lock_guard lock(mutex); // a channel may be spread over several blocks
            float &min = result.channelMin[range.channel + c];
            float &max = result.channelMax[range.channel + c];
            min = std::min(min, sums.min);
            max = std::max(max, sums.max);
        }
        return {};
    }));
    const auto least = std::min_element(result.channelMin.begin(), result.channelMin.end());
    const auto greatest = std::max_element(result.channelMax.begin(), result.channelMax.end());
    if (result.scalesFinite && least != result.channelMin.end())
        summariseScales(result, *least, *greatest, stored.sourceDType);
    return result;
}

} // namespace qs
