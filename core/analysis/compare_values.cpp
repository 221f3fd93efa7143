// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compare_values.h"

#include "core/base/parallel.h"
#include "core/metrics/error_tally.h"
#include "core/metrics/pair_sums.h"
#include "core/quant/recode.h"
#include "core/quant/statistics.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace qs {
namespace {

/// True when the stored scales are those that codes were formed with, so that the clamp's work can be seen again.
bool showsClamp(const Scheme &scheme)
{
    return !scheme.compensates() && (scheme.scaleType == ScaleType::F32 || scheme.codes == Codes::Best);
}

/// Codes of the candidate that mean zero, and those that the clamp changed.
Result<void> countCodes(const ValueRows &rows, const ScaleTable &table, const Coding &coding,
                        const std::vector<float> &x, ErrorTally::Block &block)
{
    thread_local std::vector<std::int8_t> codes;
    QS_CHECK(rows.readCodes(block.range, codes));
    block.clipped = recode(table, coding, block.range, x, [&](const RecodedRow &row) {
        for (std::size_t k = 0; k < row.weights.size(); ++k) {
            const int zero = row.scale.zeroPoints ? row.scale.zeroPoints[row.unit(k)] : 0;
            const std::size_t i = row.first + k;
            const bool meansZero = coding.hasOffsets() ? block.y[i] == 0 : codes[i] == zero;
            block.zeroCodes += meansZero && row.weights[k] != 0;
        }
    });
    return {};
}

Result<float> largestOf(const ValueRows &rows, const BlockLayout &layout, std::uint64_t channel,
                        const TaskContext &context)
{
    // Only for channels that are spread over several blocks.
    float largest = 0;
    std::vector<float> values;
    for (std::uint64_t i = 0; i < layout.count(); ++i) {
        const BlockRange range = layout.block(i);
        if (range.channel != channel)
            continue;
        QS_CHECK(context.check());
        QS_CHECK(rows.read(range, values));
        RangeSums sums;
        kernels().range(values.data(), values.size(), &sums);
        largest = std::max({largest, -sums.min, sums.max});
    }
    return largest;
}

/// largestOf() all channels; empty unless channels are spread over several blocks.
Result<std::vector<float>> splitLargest(const ValueRows &rows, const BlockLayout &layout, const TaskContext &context)
{
    std::vector<float> result;
    if (!layout.splitsChannels())
        return result;
    for (std::uint64_t channel = 0; channel < rows.shape().channels; ++channel) {
        QS_ASSIGN(const float largest, largestOf(rows, layout, channel, context));
        result.push_back(largest);
    }
    return result;
}

/// Metrics of the sums in `tally`; `stored` are the candidate's codes, if its rows are codes as they stand.
Result<Metrics> metricsOf(const ComparedValues &reference, ErrorTally &tally, const ErrorSums &total,
                          const LayerQuantization *stored, bool finite, const TaskContext &context)
{
    LayerQuantization sums;
    sums.sums = total;
    if (stored)
        summariseSteps(sums, tally.takeRmsePerScale());
    WeightStatistics statistics;
    if (reference.layer && !reference.layer->hasCodes() && finite) {
        QS_ASSIGN(statistics, weightStatistics(reference.model, *reference.layer, context));
    }
    Metrics metrics = layerMetrics(sums, statistics);
    if (!stored) { // nothing was rounded to codes here
        metrics.zeroShare.reset();
        metrics.rmsePerScaleMedian.reset();
        metrics.rmsePerScaleMax.reset();
    }
    if (!stored || !showsClamp(stored->scheme))
        metrics.clippedShare.reset();
    return metrics;
}

/// Sums over all values without rounding them.
Result<PairSums> pairSums(const ValueRows &reference, const ValueRows &candidate, const TaskContext &context)
{
    const BlockLayout layout = reference.layout();
    std::vector<PairSums> blocks(layout.count());
    QS_CHECK(parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        thread_local std::vector<long double> x;
        thread_local std::vector<long double> y;
        const BlockRange range = layout.block(index);
        QS_CHECK(reference.readNumbers(range, x));
        QS_CHECK(candidate.readNumbers(range, y));
        for (std::size_t i = 0; i < x.size(); ++i)
            blocks[index].add(x[i], y[i]);
        return {};
    }));
    PairSums total;
    for (const PairSums &block : blocks) // in order: sums depend on it
        total.add(block);
    return total;
}

} // namespace

Result<ValueErrors> compareFloats(const ComparedValues &reference, const ComparedValues &candidate,
                                  const TaskContext &context)
{
    const BlockLayout layout = reference.rows.layout();
    ErrorTally tally(reference.rows.shape(), layout);
    const LayerQuantization *stored = candidate.layer ? candidate.rows.codes() : nullptr;
    std::optional<ScaleTable> table;
    Coding coding;
    if (stored) {
        table = scaleTableOf(*stored);
        coding = Quantizer(stored->scheme, candidate.layer->stored->sourceDType).storedCoding();
    }
    QS_ASSIGN(const std::vector<float> splits, splitLargest(reference.rows, layout, context));
    std::atomic<bool> finite{true};
    QS_CHECK(parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        thread_local std::vector<float> x;
        thread_local std::vector<float> y;
        thread_local std::vector<float> largest;
        const BlockRange range = layout.block(index);
        QS_CHECK(reference.rows.read(range, x));
        QS_CHECK(candidate.rows.read(range, y));
        largest.resize(range.channels);
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            RangeSums xs;
            RangeSums ys;
            kernels().range(x.data() + c * range.weights, range.weights, &xs);
            kernels().range(y.data() + c * range.weights, range.weights, &ys);
            if (!xs.finite() || !ys.finite())
                finite = false;
            largest[c] = splits.empty() ? std::max(-xs.min, xs.max) : splits[range.channel + c];
        }
        ErrorTally::Block block{index, range, x.data(), y.data(), table ? &*table : nullptr, largest.data(), 0, 0};
        if (table) {
            QS_CHECK(countCodes(candidate.rows, *table, coding, x, block));
        }
        tally.add(block);
        return {};
    }));
    ValueErrors result;
    result.finite = finite;
    result.sums = tally.sums();
    if (finite && cancels(result.sums.angle)) {
        QS_ASSIGN(const PairSums sums, pairSums(reference.rows, candidate.rows, context));
        result.sums.angle = sums.angle();
    }
    QS_ASSIGN(result.metrics, metricsOf(reference, tally, result.sums, stored, finite, context));
    return result;
}

Result<ValueErrors> compareNumbers(const ValueRows &reference, const ValueRows &candidate, const TaskContext &context)
{
    QS_ASSIGN(const PairSums sums, pairSums(reference, candidate, context));
    ValueErrors result;
    result.finite = sums.finite;
    result.sums = sums.errors();
    result.metrics = metricsFrom(result.sums);
    result.metrics.zeroShare.reset();
    result.metrics.clippedShare.reset();
    return result;
}

} // namespace qs
