// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/statistics.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>

namespace qs {

namespace {

constexpr std::uint64_t kNone = UINT64_MAX;

struct NonFinite {
    std::uint64_t nanCount = 0;
    std::uint64_t infCount = 0;
    std::uint64_t first = kNone; ///< element of the tensor
};

void findNonFinite(const FloatBlocks &blocks, const BlockRange &range, const std::vector<float> &values,
                   NonFinite &result)
{
    forEachRun(blocks.axis(), range, [&](std::uint64_t source, std::uint64_t target, std::uint64_t length) {
        for (std::uint64_t i = 0; i < length; ++i) {
            const float value = values[target + i];
            if (std::isfinite(value))
                continue;
            ++(std::isnan(value) ? result.nanCount : result.infCount);
            result.first = std::min(result.first, source + i);
        }
    });
}

/// Central moments of all weights so far, merged block by block (Pébay's pairwise update formulas).
struct CentralMoments {
    double count = 0;
    double mean = 0;
    double m2 = 0;
    double m3 = 0;
    double m4 = 0;

    static CentralMoments of(const MomentSums &sums)
    {
        CentralMoments result;
        const auto n = static_cast<double>(sums.count);
        if (sums.count == 0)
            return result;
        const double d = sums.power1 / n; // mean − pivot
        result.count = n;
        result.mean = sums.pivot + d;
        result.m2 = std::max(0.0, sums.power2 - n * d * d);
        result.m3 = sums.power3 - 3 * d * sums.power2 + 2 * n * d * d * d;
        result.m4 = std::max(0.0, sums.power4 - 4 * d * sums.power3 + 6 * d * d * sums.power2 - 3 * n * d * d * d * d);
        return result;
    }

    void merge(const CentralMoments &b)
    {
        if (b.count == 0)
            return;
        const double n = count + b.count;
        const double d = b.mean - mean;
        const double d2 = d * d;
        const double na = count;
        const double nb = b.count;
        const double newM4 = m4 + b.m4 + d2 * d2 * na * nb * (na * na - na * nb + nb * nb) / (n * n * n) +
                             6 * d2 * (na * na * b.m2 + nb * nb * m2) / (n * n) + 4 * d * (na * b.m3 - nb * m3) / n;
        const double newM3 = m3 + b.m3 + d * d2 * na * nb * (na - nb) / (n * n) + 3 * d * (na * b.m2 - nb * m2) / n;
        m2 += b.m2 + d2 * na * nb / n;
        m3 = newM3;
        m4 = newM4;
        mean += d * nb / n;
        count = n;
    }
};

std::vector<std::uint64_t> unravel(std::uint64_t element, const std::vector<std::uint64_t> &shape)
{
    std::vector<std::uint64_t> index(shape.size());
    for (std::size_t i = shape.size(); i-- > 0;) {
        index[i] = element % shape[i];
        element /= shape[i];
    }
    return index;
}

} // namespace

StatisticsTally::StatisticsTally(const FloatBlocks &blocks, bool moments)
    : m_blocks(blocks)
    , m_layout(blocks.layout())
    , m_moments(moments)
    , m_parts(m_layout.count())
{}

void StatisticsTally::add(std::uint64_t block, const void *weights, FloatType type, std::uint64_t count,
                          const RangeSums &range)
{
    Part &part = m_parts[block];
    const bool first = !part.range.any();
    part.range.min = std::min(part.range.min, range.min);
    part.range.max = std::max(part.range.max, range.max);
    if (!range.finite()) {
        m_finite = false;
        return;
    }
    if (!m_moments)
        return;
    if (first) {
        // Powers around the mean of the first weights: no cancellation for weights far from zero.
        MomentSums start;
        kernels().moments(weights, type, std::min<std::uint64_t>(count, kFlushInterval), &start);
        part.moments.pivot = static_cast<double>(static_cast<float>(start.power1 / static_cast<double>(start.count)));
    }
    kernels().moments(weights, type, count, &part.moments);
}

Result<WeightStatistics> StatisticsTally::finish(const TensorInfo &tensor, const TaskContext &context) const
{
    WeightStatistics result;
    result.count = tensor.elements();
    CentralMoments moments;
    NonFinite nonFinite;
    std::vector<float> values;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const Part &part = m_parts[i];
        result.min = i == 0 ? part.range.min : std::min(result.min, static_cast<double>(part.range.min));
        result.max = i == 0 ? part.range.max : std::max(result.max, static_cast<double>(part.range.max));
        moments.merge(CentralMoments::of(part.moments));
        if (!part.range.finite()) {
            QS_CHECK(context.check());
            QS_CHECK(m_blocks.read(m_layout.block(i), values));
            findNonFinite(m_blocks, m_layout.block(i), values, nonFinite);
        }
    }
    result.signalEnergy = moments.m2 + moments.count * moments.mean * moments.mean;
    result.nanCount = nonFinite.nanCount;
    result.infCount = nonFinite.infCount;
    if (nonFinite.first != kNone)
        result.firstNonFinite = unravel(nonFinite.first, tensor.shape);
    else if (moments.m2 > 0)
        result.excessKurtosis = moments.m4 * moments.count / (moments.m2 * moments.m2) - 3;
    return result;
}

Result<WeightStatistics> weightStatistics(const Model &model, const Layer &layer, const TaskContext &context,
                                          bool moments)
{
    const FloatBlocks blocks(model.view(layer.tensor), 0); // in the order of the file
    const BlockLayout layout = blocks.layout();
    StatisticsTally tally(blocks, moments);
    QS_CHECK(parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        thread_local ReadBuffer buffer;
        const BlockRange range = layout.block(index);
        QS_ASSIGN(const WeightRows rows, blocks.rows(range, buffer));
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            RangeSums sums;
            const RangePiece piece{rows.row(c), rows.type, range.weights, range.weights, 0, &sums, nullptr};
            kernels().ranges(&piece);
            tally.add(index, rows.row(c), rows.type, range.weights, sums);
        }
        return {};
    }));
    return tally.finish(model.tensorOf(layer), context);
}

} // namespace qs
