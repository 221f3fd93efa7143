// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/distribution.h"

#include "core/base/parallel.h"
#include "core/kernels/kernels.h"
#include "core/quant/recode.h"
#include "core/quant/stored.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace qs {

namespace {

constexpr std::size_t kManyWeights = 4096;
constexpr std::size_t kFineBins = 81;
constexpr std::size_t kCoarseBins = 41;
constexpr std::size_t kErrorBins = 30; // bins of 0.05 steps over ±0.75
constexpr double kErrorLimit = 0.75;
constexpr std::size_t kMostLevels = 33;

void count(Histogram &histogram, const std::vector<float> &values)
{
    HistogramPiece piece;
    piece.x = values.data();
    piece.count = values.size();
    piece.low = histogram.low;
    piece.high = histogram.high;
    piece.counts = histogram.counts.data();
    piece.bins = histogram.counts.size();
    kernels().histogram(&piece);
    histogram.below += piece.below;
    histogram.above += piece.above;
    histogram.total += values.size();
}

void merge(Histogram &into, const Histogram &other)
{
    for (std::size_t i = 0; i < into.counts.size(); ++i)
        into.counts[i] += other.counts[i];
    into.below += other.below;
    into.above += other.above;
    into.total += other.total;
}

/// Part of a block that belongs to the channel asked for; empty when it has none of it.
BlockRange selected(const BlockRange &range, std::optional<std::uint64_t> channel)
{
    if (!channel)
        return range;
    if (*channel < range.channel || *channel >= range.channel + range.channels)
        return {0, 0, 0, 0};
    return {*channel, 1, range.weight, range.weights};
}

/// Counts rounding errors in steps; returns how many codes the clamp changed.
std::uint64_t countErrors(const ScaleTable &table, const Coding &coding, const BlockRange &range,
                          const std::vector<float> &x, Histogram &histogram)
{
    thread_local std::vector<float> steps;
    steps.clear();
    const std::uint64_t clipped = recode(table, coding, range, x, [&](const RecodedRow &row) {
        for (std::size_t k = 0; k < row.weights.size(); ++k) {
            const float scale = std::abs(row.scale.stored[row.unit(k)]);
            if (scale > 0)
                steps.push_back((row.weights[k] - row.values[k]) / scale);
        }
    });
    count(histogram, steps);
    return clipped;
}

Histogram emptyHistogram(double low, double high, std::size_t bins)
{
    Histogram result;
    result.low = low;
    result.high = high;
    result.counts.resize(bins);
    return result;
}

/// What a code stands for under an entry of the scale table.
float valueOf(const LayerQuantization &quantization, std::uint64_t entry, int code)
{
    const float scale = quantization.scales[entry];
    if (!quantization.offsets.empty())
        return static_cast<float>(code - quantization.scheme.codeMin()) * scale + quantization.offsets[entry];
    const int zero = quantization.zeroPoints.empty() ? 0 : quantization.zeroPoints[entry];
    return static_cast<float>(code - zero) * scale;
}

/// Where the codes end, and the levels between, for the scales in use.
void describeGrid(const LayerQuantization &quantization, const ScaleGeometry &geometry,
                  std::optional<std::uint64_t> channel, Distribution &result)
{
    std::uint64_t first = channel ? geometry.firstOf(*channel) : 0;
    std::uint64_t entries =
        channel ? (geometry.granularity.kind == Granularity::Kind::Group ? geometry.groupsPerChannel() : 1)
                : geometry.count();
    const Scheme &scheme = quantization.scheme;
    for (std::uint64_t i = first; i < first + entries; ++i) {
        const auto [low, high] = std::minmax({valueOf(quantization, i, scheme.codeMin()),
                                              valueOf(quantization, i, scheme.codeMax())}); // scales may be negative
        result.clipLow = std::min(result.clipLow, static_cast<double>(low));
        result.clipHigh = std::max(result.clipHigh, static_cast<double>(high));
    }
    const auto levels = static_cast<std::size_t>(scheme.codeMax() - scheme.codeMin() + 1);
    if (entries != 1 || levels > kMostLevels)
        return;
    for (int code = scheme.codeMin(); code <= scheme.codeMax(); ++code)
        result.levels.push_back(valueOf(quantization, first, code));
    std::ranges::sort(result.levels);
}

void findRange(const LayerQuantization &quantization, std::optional<std::uint64_t> channel, Distribution &result)
{
    if (quantization.channelMin.empty())
        return;
    const std::size_t first = channel.value_or(0);
    const std::size_t last = channel ? first + 1 : quantization.channelMin.size();
    result.min = static_cast<double>(quantization.channelMin[first]);
    result.max = static_cast<double>(quantization.channelMax[first]);
    for (std::size_t c = first; c < last; ++c) {
        result.min = std::min(result.min, static_cast<double>(quantization.channelMin[c]));
        result.max = std::max(result.max, static_cast<double>(quantization.channelMax[c]));
    }
}

} // namespace

Result<Distribution> distribution(const Model &model, const Layer &layer, int channelAxis,
                                  const LayerQuantization &quantization, std::optional<std::uint64_t> channel,
                                  const TaskContext &context)
{
    const FloatBlocks blocks(model.view(layer.tensor), channelAxis);
    const ScaleGeometry geometry{quantization.scheme.granularity, blocks.shape()};
    if (quantization.scales.size() != geometry.count() || (channel && *channel >= blocks.shape().channels))
        return fail(ErrorCode::Usage, Text::of("channel or axis does not belong to this quantization"), layer.name);

    Distribution result;
    findRange(quantization, channel, result);
    describeGrid(quantization, geometry, channel, result);
    const std::uint64_t weights = channel ? blocks.shape().weights : blocks.shape().channels * blocks.shape().weights;
    double limit = std::max({std::abs(result.min), std::abs(result.max)}) * 1.1;
    limit = limit > 0 ? limit : 1;
    result.weights = emptyHistogram(-limit, limit, weights > kManyWeights ? kFineBins : kCoarseBins);
    result.roundingErrors = emptyHistogram(-kErrorLimit, kErrorLimit, kErrorBins);

    const LayerValues values(model, layer, channelAxis, &quantization);
    const ScaleTable table = scaleTableOf(quantization);
    const Coding coding = Quantizer(quantization.scheme, model.tensorOf(layer).dtype).storedCoding();
    const BlockLayout layout = blocks.layout();
    std::mutex mutex;
    std::uint64_t clipped = 0;
    QS_CHECK(parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        const BlockRange range = selected(layout.block(index), channel);
        if (range.size() == 0)
            return {};
        thread_local std::vector<float> x;
        QS_CHECK(values.read(range, x));
        Distribution part;
        part.weights = emptyHistogram(-limit, limit, result.weights.counts.size());
        part.roundingErrors = emptyHistogram(-kErrorLimit, kErrorLimit, kErrorBins);
        count(part.weights, x);
        const std::uint64_t partClipped = layer.stored ? 0 : countErrors(table, coding, range, x, part.roundingErrors);
        const std::lock_guard lock(mutex);
        merge(result.weights, part.weights);
        merge(result.roundingErrors, part.roundingErrors);
        clipped += partClipped;
        return {};
    }));
    result.clippedShare = weights > 0 ? static_cast<double>(clipped) / static_cast<double>(weights) : 0;
    return result;
}

} // namespace qs
