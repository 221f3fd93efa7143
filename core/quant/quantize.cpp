// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"

#include "core/base/parallel.h"
#include "core/metrics/error_tally.h"
#include "core/quant/layer_search.h"
#include "core/quant/scale_table.h"
#include "core/tensor/float_blocks.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <mutex>

namespace qs {

namespace {

/// Scratch memory of one worker thread, reused from block to block.
struct Scratch {
    std::vector<float> x;
    std::vector<float> y;
    std::vector<std::int8_t> codes;
    std::vector<float> scales;  ///< of one block: as codes are formed
    std::vector<float> offsets; ///< the same, of schemes with offsets
    std::vector<RangeSums> ranges;
    std::vector<float> largest;
};

/// Gives the memory back, which assigning an empty vector does not.
template <class T> void release(std::vector<T> &values)
{
    std::vector<T>().swap(values);
}

class LayerQuantizer
{
public:
    LayerQuantizer(const Model &model, const Layer &layer, int channelAxis, const Scheme &scheme, const CodeSink &sink,
                   Keep keep, LayerQuantization &result)
        : m_blocks(model, layer.tensor, channelAxis)
        , m_layout(m_blocks.layout())
        , m_geometry{scheme.granularity, m_blocks.shape()}
        , m_coding(codeRuleOf(scheme, model.tensorOf(layer).dtype))
        , m_search(scheme, model.tensorOf(layer).dtype)
        , m_sink(sink)
        , m_result(result)
        , m_tally(m_blocks.shape(), m_layout)
        , m_blockRanges(m_layout.count())
        , m_channelRanges(keep == Keep::Everything || m_layout.splitsChannels())
    {
        result.scheme = scheme;
        result.channelAxis = channelAxis;
        result.shape = m_blocks.shape();
        result.groupsPerChannel = m_geometry.groupsPerChannel();
        result.scales.resize(m_geometry.count());
        if (scheme.hasZeroPoints())
            result.zeroPoints.resize(m_geometry.count());
        if (scheme.hasOffsets())
            result.offsets.resize(m_geometry.count());
        if (m_channelRanges) {
            result.channelMin.assign(result.shape.channels, std::numeric_limits<float>::infinity());
            result.channelMax.assign(result.shape.channels, -std::numeric_limits<float>::infinity());
        }
    }

    /// Smallest and largest weight of the layer; valid after run().
    std::pair<float, float> range() const
    {
        std::pair<float, float> result{0.0F, 0.0F};
        for (const RangeSums &block : m_blockRanges) {
            result.first = std::min(result.first, block.min);
            result.second = std::max(result.second, block.max);
        }
        return result;
    }

    /// Scales that are lost: not 0, but stored as 0.
    std::uint64_t lostScales() const { return m_lost; }

    Result<void> run(const TaskContext &context)
    {
        QS_CHECK(prepareSearch(m_search, m_blocks, context));
        const bool rangesFirst = m_layout.splitsChannels() || m_geometry.granularity.kind == Granularity::Kind::Tensor;
        if (rangesFirst) {
            QS_CHECK(collectRanges(context));
            QS_CHECK(scalesOfLayer(context));
            if (!m_scalesFinite) {
                m_result.scalesFinite = false;
                return {};
            }
        }
        QS_CHECK(parallelFor(m_layout.count(), context, [&](std::size_t index) -> Result<void> {
            thread_local Scratch scratch;
            const BlockRange range = m_layout.block(index);
            QS_CHECK(m_blocks.read(range, scratch.x));
            ScaleTable table{m_geometry, m_codeScales.data(), nullptr, nullptr, nullptr, 0, offsetsOf(m_codeOffsets)};
            if (!m_layout.splitsChannels())
                rangesOfBlock(index, range, scratch);
            if (!rangesFirst) {
                scalesOfBlock(range, scratch);
                table.scales = scratch.scales.data();
                table.codeOffsets = offsetsOf(scratch.offsets);
                table.firstChannel = range.channel;
            }
            if (!m_scalesFinite)
                return {};
            const std::uint64_t first = m_geometry.firstOf(table.firstChannel);
            table.stored = m_result.scales.data() + first;
            table.zeroPoints = m_result.zeroPoints.empty() ? nullptr : m_result.zeroPoints.data() + first;
            table.offsets = m_result.offsets.empty() ? nullptr : m_result.offsets.data() + first;
            return quantizeBlock(index, range, table, scratch);
        }));
        m_result.scalesFinite = m_scalesFinite;
        m_result.raisedScales = m_raised;
        if (m_scalesFinite) {
            m_result.sums = m_tally.sums();
            m_result.channelRmsePerScale = m_tally.takeRmsePerScale();
        }
        return {};
    }

private:
    /// Scales of a layer whose units lie in several blocks.
    Result<void> scalesOfLayer(const TaskContext &context)
    {
        m_codeOffsets.resize(m_result.offsets.size());
        // Scales take the place of the ranges that they come from: there may be many.
        m_codeScales = std::move(m_unitMin);
        const auto store = [&](std::uint64_t entry, const ScaleAndZeroPoint &found) {
            setScale(entry, found, m_codeScales[entry], m_codeOffsets.empty() ? nullptr : &m_codeOffsets[entry]);
        };
        if (m_search.needsWeights()) {
            QS_CHECK(searchScales(m_search, m_blocks, context, store));
        } else {
            for (std::uint64_t i = 0; i < m_geometry.count(); ++i)
                store(i, scaleFor({m_codeScales[i], m_unitMax[i], false}, m_search.scheme(), m_search.source()));
        }
        release(m_unitMax);
        return {};
    }

    static const float *offsetsOf(const std::vector<float> &offsets)
    {
        return offsets.empty() ? nullptr : offsets.data();
    }

    /// Ranges of the groups that a block touches, channel after channel, and the largest |weight| of each channel.
    void rangesOfBlock(std::uint64_t index, const BlockRange &range, Scratch &scratch)
    {
        const std::uint64_t groupSize = m_geometry.groupSize();
        scratch.ranges.clear();
        scratch.largest.assign(range.channels, 0);
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            const float *row = scratch.x.data() + c * range.weights;
            for (std::uint64_t at = 0; at < range.weights;) {
                const std::uint64_t left = groupSize - (range.weight + at) % groupSize;
                const std::uint64_t size = std::min(left, range.weights - at);
                RangeSums &unit = scratch.ranges.emplace_back();
                kernels().range(row + at, size, &unit);
                scratch.largest[c] = std::max({scratch.largest[c], -unit.min, unit.max});
                m_blockRanges[index].min = std::min(m_blockRanges[index].min, unit.min);
                m_blockRanges[index].max = std::max(m_blockRanges[index].max, unit.max);
                at += size;
            }
        }
    }

    Result<void> collectRanges(const TaskContext &context)
    {
        m_unitMin.assign(m_geometry.count(), 0);
        m_unitMax.assign(m_geometry.count(), 0);
        std::mutex mutex; // groups and channels may reach over block borders
        return parallelFor(m_layout.count(), context, [&](std::size_t index) -> Result<void> {
            thread_local Scratch scratch;
            const BlockRange range = m_layout.block(index);
            QS_CHECK(m_blocks.read(range, scratch.x));
            rangesOfBlock(index, range, scratch);
            const std::uint64_t perChannel = scratch.ranges.size() / range.channels;
            const std::uint64_t firstGroup = range.weight / m_geometry.groupSize();
            const std::lock_guard lock(mutex);
            for (std::size_t i = 0; i < scratch.ranges.size(); ++i) {
                const std::uint64_t channel = range.channel + i / perChannel;
                const bool whole = m_geometry.granularity.kind == Granularity::Kind::Tensor;
                const std::uint64_t unit = whole ? 0 : m_geometry.firstOf(channel) + firstGroup + i % perChannel;
                m_unitMin[unit] = std::min(m_unitMin[unit], scratch.ranges[i].min);
                m_unitMax[unit] = std::max(m_unitMax[unit], scratch.ranges[i].max);
                widenChannel(channel, scratch.ranges[i]);
            }
            return {};
        });
    }

    void widenChannel(std::uint64_t channel, const RangeSums &range)
    {
        if (!m_channelRanges)
            return;
        m_result.channelMin[channel] = std::min(m_result.channelMin[channel], range.min);
        m_result.channelMax[channel] = std::max(m_result.channelMax[channel], range.max);
    }

    void scalesOfBlock(const BlockRange &range, Scratch &scratch)
    {
        scratch.scales.resize(scratch.ranges.size());
        scratch.offsets.resize(m_result.offsets.empty() ? 0 : scratch.ranges.size());
        const std::uint64_t groups = m_geometry.groupsPerChannel();
        const std::uint64_t first = m_geometry.firstOf(range.channel);
        for (std::size_t i = 0; i < scratch.ranges.size(); ++i) {
            const RangeSums &unit = scratch.ranges[i];
            const std::uint64_t weight = i % groups * m_geometry.groupSize();
            const std::span weights(scratch.x.data() + i / groups * range.weights + weight,
                                    std::min(m_geometry.groupSize(), range.weights - weight));
            setScale(first + i,
                     m_search.needsWeights()
                         ? m_search.scaleOf(weights)
                         : scaleFor({unit.min, unit.max, false}, m_search.scheme(), m_search.source()),
                     scratch.scales[i], scratch.offsets.empty() ? nullptr : &scratch.offsets[i]);
            widenChannel(range.channel + i / groups, unit);
        }
    }

    void setScale(std::uint64_t entry, const ScaleAndZeroPoint &found, float &codeScale, float *codeOffset)
    {
        if (!found.finite())
            m_scalesFinite = false;
        if (found.raised)
            m_raised.fetch_add(1, std::memory_order_relaxed);
        if (found.stored == 0 && found.scale != 0)
            m_lost.fetch_add(1, std::memory_order_relaxed);
        codeScale = found.scale;
        if (codeOffset) {
            *codeOffset = found.offset;
            m_result.offsets[entry] = found.storedOffset;
        }
        m_result.scales[entry] = found.stored;
        if (!m_result.zeroPoints.empty())
            m_result.zeroPoints[entry] = static_cast<std::int8_t>(found.zeroPoint);
    }

    Result<void> quantizeBlock(std::uint64_t index, const BlockRange &range, const ScaleTable &table, Scratch &scratch)
    {
        scratch.codes.resize(range.size());
        scratch.y.resize(range.size());
        QuantizePiece piece;
        piece.coding = m_coding;
        piece.counted = true;
        piece.count = range.weights;
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            const std::uint64_t channel = range.channel + c;
            piece.x = scratch.x.data() + c * range.weights;
            piece.codes = scratch.codes.data() + c * range.weights;
            piece.values = scratch.y.data() + c * range.weights;
            piece.scale = table.run(channel, range.weight);
            kernels().quantize(&piece);
            if (m_layout.splitsChannels())
                scratch.largest.assign(1, std::max(-m_result.channelMin[channel], m_result.channelMax[channel]));
        }
        m_tally.add({index, range, scratch.x.data(), scratch.y.data(), &table, scratch.largest.data(), piece.clipped,
                     piece.zeroCodes});
        if (m_sink) {
            return m_sink(
                {range.channel, range.channels, range.weight, range.weights, scratch.codes.data(), scratch.y.data()});
        }
        return {};
    }

    FloatBlocks m_blocks;
    BlockLayout m_layout;
    ScaleGeometry m_geometry;
    Coding m_coding;
    UnitSearch m_search;
    const CodeSink &m_sink;
    LayerQuantization &m_result;
    ErrorTally m_tally;
    std::vector<RangeSums> m_blockRanges;
    bool m_channelRanges;         ///< channelMin and channelMax of the result are filled
    std::vector<float> m_unitMin; ///< with zero included; filled when ranges are collected first
    std::vector<float> m_unitMax;
    std::vector<float> m_codeScales;
    std::vector<float> m_codeOffsets;
    std::atomic<bool> m_scalesFinite{true};
    std::atomic<std::uint64_t> m_raised{0};
    std::atomic<std::uint64_t> m_lost{0};
};

/// Below the normal numbers of its type. An all-zero row may have the scale 0.
bool underflown(float magnitude, ScaleType type)
{
    return magnitude != 0 && magnitude < (type == ScaleType::F16 ? 0x1p-14F : 0x1p-126F);
}

/// Lower middle of some values; puts them in another order.
float medianOf(std::vector<float> &values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

std::string schemeProblem(const MatrixShape &shape, const Scheme &scheme)
{
    const std::uint64_t scales = ScaleGeometry{scheme.granularity, shape}.count();
    if (scales > kMostScales)
        return fmt::format("would need {} scales, more than the {} that are handled", scales, kMostScales);
    if (shape.channels > kMostScales)
        return fmt::format("has {} channels, more than the {} that are handled", shape.channels, kMostScales);
    return {};
}

void summariseScales(LayerQuantization &result, float min, float max, DType source)
{
    if (result.scales.empty())
        return;
    std::vector<float> sorted = result.scales;
    for (float &scale : sorted) {
        scale = std::fabs(scale);
        result.underflownScales += underflown(scale, result.scheme.scaleType);
    }
    const auto [low, high] = std::minmax_element(sorted.begin(), sorted.end());
    result.scaleMin = *low;
    result.scaleMax = *high;
    result.scaleMedian = medianOf(sorted);
    result.wholeLayerScale = std::fabs(scaleFor({min, max, false}, result.scheme, source).stored);
}

void summariseSteps(LayerQuantization &result, std::vector<float> channels)
{
    if (channels.empty())
        return;
    result.rmsePerScaleMax = *std::max_element(channels.begin(), channels.end());
    result.rmsePerScaleMedian = medianOf(channels);
}

void dropVectors(LayerQuantization &quantization, Keep keep)
{
    if (keep == Keep::Everything)
        return;
    release(quantization.channelMin);
    release(quantization.channelMax);
    release(quantization.channelRmsePerScale);
    if (keep == Keep::Scales)
        return;
    release(quantization.scales);
    release(quantization.zeroPoints);
    release(quantization.offsets);
}

Result<LayerQuantization> quantizeLayer(const Model &model, const Layer &layer, int channelAxis, const Scheme &scheme,
                                        const TaskContext &context, const CodeSink &sink, Keep keep)
{
    LayerQuantization result;
    LayerQuantizer quantizer(model, layer, channelAxis, scheme, sink, keep, result);
    QS_CHECK(quantizer.run(context));
    const ErrorSums &sums = result.sums;
    result.valuesFinite =
        std::isfinite(sums.errorEnergy) && std::isfinite(sums.energyGrowth) && std::isfinite(sums.maxAbsError);
    if (keep == Keep::Everything)
        summariseSteps(result, result.channelRmsePerScale);
    else
        summariseSteps(result, std::move(result.channelRmsePerScale));
    if (result.scalesFinite && keep != Keep::Scales)
        summariseScales(result, quantizer.range().first, quantizer.range().second, model.tensorOf(layer).dtype);
    result.underflownScales += quantizer.lostScales();
    dropVectors(result, keep);
    return result;
}

Metrics layerMetrics(const LayerQuantization &quantization, const WeightStatistics &statistics)
{
    Metrics metrics = metricsFrom(quantization.sums);
    if (!metrics.mse)
        return metrics;
    metrics.excessKurtosis = statistics.excessKurtosis;
    metrics.rmsePerScaleMedian = static_cast<double>(quantization.rmsePerScaleMedian);
    metrics.rmsePerScaleMax = static_cast<double>(quantization.rmsePerScaleMax);
    return metrics;
}

} // namespace qs
