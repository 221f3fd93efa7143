// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/distribution.h"

#include "core/base/parallel.h"
#include "core/kernels/kernels.h"
#include "core/quant/recode.h"
#include "core/quant/stored.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>

namespace qs {

namespace {

constexpr std::size_t kManyWeights = 4096;
constexpr std::size_t kFineBins = 81;
constexpr std::size_t kCoarseBins = 41;
constexpr std::size_t kErrorBins = 30; // bins of 0.05 steps over ±0.75
constexpr double kErrorLimit = 0.75;

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

void countCodes(std::span<const std::int8_t> codes, Distribution &into)
{
    for (const int code : codes)
        if (const auto index = static_cast<std::size_t>(code - into.codeMin); index < into.codeCounts.size())
            ++into.codeCounts[index]; // a file may hold codes beyond those of its scheme
}

/// Counts codes, and rounding errors in steps; returns how many codes the clamp changed.
std::uint64_t countErrors(const ScaleTable &table, const Coding &coding, const BlockRange &range,
                          const std::vector<float> &x, Distribution &into)
{
    thread_local std::vector<float> steps;
    steps.clear();
    const std::uint64_t clipped = recode(table, coding, range, x, [&](const RecodedRow &row) {
        countCodes(row.codes, into);
        for (std::size_t k = 0; k < row.weights.size(); ++k) {
            const float scale = std::abs(row.scale.stored[row.unit(k)]);
            if (scale > 0)
                steps.push_back((row.weights[k] - row.values[k]) / scale);
        }
    });
    count(into.roundingErrors, steps);
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

/// Where the codes end, and the grid of all of them when there is one for all weights shown.
void describeGrid(const LayerQuantization &quantization, const ScaleGeometry &geometry, const Coding &coding,
                  const LayerPart &part, Distribution &result)
{
    const bool isTensor = geometry.granularity.kind == Granularity::Kind::Tensor;
    const std::uint64_t first = part.channel ? geometry.firstOf(*part.channel) + part.group.value_or(0) : 0;
    const std::uint64_t entries = !part.channel            ? geometry.count()
                                  : isTensor || part.group ? 1
                                                           : geometry.groupsPerChannel();
    const CodeLimits limits = codeLimits(quantization, part.channel, part.group);
    result.clipLow = limits.low;
    result.clipHigh = limits.high;
    if (entries == 1)
        result.grid = codeGrid(storedScale(quantization, first), coding);
}

/// Smallest and largest weight: known of channels, looked up for a group.
Result<void> findRange(const LayerQuantization &quantization, const LayerPart &part, const LayerValues &values,
                       const BlockRange &asked, Distribution &result)
{
    if (part.group) {
        std::vector<float> x;
        QS_CHECK(values.read(asked, x));
        const auto [low, high] = std::ranges::minmax(x);
        result.min = static_cast<double>(low);
        result.max = static_cast<double>(high);
        return {};
    }
    const auto &channel = part.channel;
    if (quantization.channelMin.empty())
        return {};
    const std::size_t first = channel.value_or(0);
    const std::size_t last = channel ? first + 1 : quantization.channelMin.size();
    result.min = static_cast<double>(quantization.channelMin[first]);
    result.max = static_cast<double>(quantization.channelMax[first]);
    for (std::size_t c = first; c < last; ++c) {
        result.min = std::min(result.min, static_cast<double>(quantization.channelMin[c]));
        result.max = std::max(result.max, static_cast<double>(quantization.channelMax[c]));
    }
    return {};
}

} // namespace

Result<Distribution> distribution(const Model &model, const Layer &layer, int channelAxis,
                                  const LayerQuantization &quantization, const LayerPart &part,
                                  const TaskContext &context)
{
    const FloatBlocks blocks(model.view(layer.tensor), channelAxis);
    const ScaleGeometry geometry{quantization.scheme.granularity, blocks.shape()};
    if (quantization.scales.size() != geometry.count() || !part.isOf(geometry))
        return fail(ErrorCode::Usage, Text::of("channel, group or axis does not belong to this quantization"),
                    layer.name);

    const Coding coding = Quantizer(quantization.scheme, model.tensorOf(layer).dtype).storedCoding();
    Distribution result;
    const LayerValues values(model, layer, channelAxis, &quantization);
    const BlockRange asked = part.range(geometry);
    QS_CHECK(findRange(quantization, part, values, asked, result));
    describeGrid(quantization, geometry, coding, part, result);
    const std::uint64_t weights = asked.size();
    double limit = std::max({std::abs(result.min), std::abs(result.max)}) * 1.1;
    limit = limit > 0 ? limit : 1;
    result.weights = emptyHistogram(-limit, limit, weights > kManyWeights ? kFineBins : kCoarseBins);
    result.roundingErrors = emptyHistogram(-kErrorLimit, kErrorLimit, kErrorBins);
    result.codeMin = coding.codeMin;
    // Of codes that make up for each other none follows from its weight alone: they are not shown.
    const bool recoded = !layer.stored && !quantization.scheme.compensates();
    if (recoded || layer.hasCodes())
        result.codeCounts.resize(static_cast<std::size_t>(coding.codeMax - coding.codeMin + 1));

    const ScaleTable table = scaleTableOf(quantization);
    const BlockLayout layout = blocks.layout();
    const Distribution empty = result; // counts nothing yet
    std::mutex mutex;
    std::uint64_t clipped = 0;
    QS_CHECK(parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        const BlockRange range = commonRange(layout.block(index), asked);
        if (range.size() == 0)
            return {};
        thread_local std::vector<float> x;
        QS_CHECK(values.read(range, x));
        Distribution counted = empty;
        count(counted.weights, x);
        std::uint64_t partClipped = 0;
        if (recoded) {
            partClipped = countErrors(table, coding, range, x, counted);
        } else if (layer.hasCodes()) {
            thread_local std::vector<std::int8_t> codes;
            QS_CHECK(blocks.readCodes(range, codes));
            countCodes(codes, counted);
        }
        const std::lock_guard lock(mutex);
        merge(result.weights, counted.weights);
        merge(result.roundingErrors, counted.roundingErrors);
        std::ranges::transform(result.codeCounts, counted.codeCounts, result.codeCounts.begin(), std::plus<>());
        clipped += partClipped;
        return {};
    }));
    result.clippedShare = weights > 0 ? static_cast<double>(clipped) / static_cast<double>(weights) : 0;
    return result;
}

} // namespace qs
