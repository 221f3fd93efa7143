// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What depends on the weights alone: extremes, kurtosis, NaN and infinity.
#include "core/base/parallel.h"
#include "core/kernels/kernels.h"
#include "core/quant/quantize.h"
#include "core/tensor/float_blocks.h"

#include <algorithm>
#include <cmath>

namespace qs {

namespace {

constexpr std::uint64_t kNone = UINT64_MAX;

struct BlockStatistics {
    RangeSums range;
    MomentSums moments;
    std::uint64_t nanCount = 0;
    std::uint64_t infCount = 0;
    std::uint64_t firstNonFinite = kNone; ///< element of the tensor
};

void findNonFinite(const FloatBlocks &blocks, const BlockRange &range, const std::vector<float> &values,
                   BlockStatistics &result)
{
    forEachRun(blocks.axis(), range, [&](std::uint64_t source, std::uint64_t target, std::uint64_t length) {
        for (std::uint64_t i = 0; i < length; ++i) {
            const float value = values[target + i];
            if (std::isfinite(value))
                continue;
            ++(std::isnan(value) ? result.nanCount : result.infCount);
            result.firstNonFinite = std::min(result.firstNonFinite, source + i);
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

BlockStatistics blockStatistics(const FloatBlocks &blocks, const BlockRange &range, const std::vector<float> &values)
{
    BlockStatistics result;
    kernels().range(values.data(), values.size(), &result.range);
    if (result.range.nonFinite) {
        findNonFinite(blocks, range, values, result);
        return result;
    }
    // Powers around the mean of the first weights: no cancellation for weights far from zero.
    const std::size_t start = std::min(values.size(), kFlushInterval);
    double sum = 0;
    for (std::size_t i = 0; i < start; ++i)
        sum += static_cast<double>(values[i]);
    result.moments.pivot = start > 0 ? static_cast<double>(static_cast<float>(sum / static_cast<double>(start))) : 0;
    kernels().moments(values.data(), FloatType::F32, values.size(), &result.moments);
    return result;
}

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

Result<WeightStatistics> weightStatistics(const Model &model, const Layer &layer, const TaskContext &context)
{
    const FloatBlocks blocks(model, layer.tensor, 0); // in the order of the file
    const BlockLayout layout = blocks.layout();
    std::vector<BlockStatistics> parts(layout.count());
    QS_CHECK(parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        thread_local std::vector<float> values;
        QS_CHECK(blocks.read(layout.block(index), values));
        parts[index] = blockStatistics(blocks, layout.block(index), values);
        return {};
    }));

    WeightStatistics result;
    result.count = model.tensorOf(layer).elements();
    CentralMoments moments;
    std::uint64_t first = kNone;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const BlockStatistics &part = parts[i];
        result.min = i == 0 ? part.range.min : std::min(result.min, static_cast<double>(part.range.min));
        result.max = i == 0 ? part.range.max : std::max(result.max, static_cast<double>(part.range.max));
        result.nanCount += part.nanCount;
        result.infCount += part.infCount;
        first = std::min(first, part.firstNonFinite);
        moments.merge(CentralMoments::of(part.moments));
    }
    if (first != kNone)
        result.firstNonFinite = unravel(first, model.tensorOf(layer).shape);
    else if (moments.m2 > 0)
        result.excessKurtosis = moments.m4 * moments.count / (moments.m2 * moments.m2) - 3;
    return result;
}

} // namespace qs
