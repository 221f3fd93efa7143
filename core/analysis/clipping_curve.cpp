// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/clipping_curve.h"

#include "core/quant/stored.h"
#include "core/quant/unit_search.h"
#include "core/scheme/scale_table.h"

#include <algorithm>
#include <cmath>

namespace qs {

namespace {

constexpr std::size_t kPoints = 96; // shares 1, 0.99 … 0.05
constexpr std::uint64_t kPieceWeights = 256 * 1024;

/// The weights of one channel or group, piece by piece.
class Weights
{
public:
    Weights(const FloatBlocks &blocks, const BlockRange &range)
        : m_blocks(blocks)
        , m_range(range)
    {}

    template <class Body> Result<void> forEach(const TaskContext &context, Body body)
    {
        for (std::uint64_t done = 0; done < m_range.weights; done += kPieceWeights) {
            QS_CHECK(context.check());
            const std::uint64_t size = std::min(kPieceWeights, m_range.weights - done);
            if (m_values.empty() || m_range.weights > kPieceWeights) {
                QS_CHECK(m_blocks.read({m_range.channel, 1, m_range.weight + done, size}, m_values));
            }
            body(std::span<const float>(m_values));
        }
        return {};
    }

private:
    const FloatBlocks &m_blocks;
    BlockRange m_range;
    std::vector<float> m_values;
};

/// The share of a range that codes reach, as bounds of weights.
class Reach
{
public:
    Reach(const Scheme &scheme, const WeightRange &all, double share)
    {
        const bool symmetric = scheme.mode == Mode::Symmetric;
        const float largest = std::max(-all.min, all.max);
        m_low = static_cast<double>(symmetric ? -largest : all.min) * share;
        m_high = static_cast<double>(symmetric ? largest : all.max) * share;
    }

    std::uint64_t count(std::span<const float> weights) const
    {
        return static_cast<std::uint64_t>(std::ranges::count_if(
            weights, [this](float w) { return static_cast<double>(w) >= m_low && static_cast<double>(w) <= m_high; }));
    }

private:
    double m_low = 0;
    double m_high = 0;
};

/// Range of a layer that has one scale.
WeightRange wholeRange(const LayerQuantization &quantization)
{
    if (quantization.channelMin.empty())
        return {};
    return {*std::ranges::min_element(quantization.channelMin), *std::ranges::max_element(quantization.channelMax),
            false};
}

} // namespace

RangeMethod rangeReaching(const ClippingPoint &point, std::uint64_t weights)
{
    if (weights == 0 || point.inside >= weights)
        return RangeMethod::minMax();
    const double share = static_cast<double>(point.inside) / static_cast<double>(weights);
    const auto millionths = static_cast<std::uint32_t>(std::ceil(share * RangeMethod::kAllWeights));
    return RangeMethod::percentile(std::clamp<std::uint32_t>(millionths, 1, RangeMethod::kAllWeights));
}

Result<ClippingCurve> clippingCurve(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                                    std::uint64_t channel, std::uint64_t group, const TaskContext &context)
{
    const FloatBlocks blocks(model.view(layer.tensor), quantization.channelAxis);
    const Scheme &scheme = quantization.scheme;
    const ScaleGeometry geometry{scheme.granularity, blocks.shape()};
    if (layer.stored || channel >= blocks.shape().channels || group >= geometry.groupsPerChannel())
        return fail(ErrorCode::Usage, Text::of("channel or group does not belong to this layer, or it holds codes"),
                    layer.name);
    const std::uint64_t size = geometry.groupSize();
    const std::uint64_t first = group * size;
    const BlockRange range{channel, 1, first, std::min(size, blocks.shape().weights - first)};
    Weights weights(blocks, range);

    const bool whole = scheme.granularity.kind == Granularity::Kind::Tensor;
    WeightRange own;
    double signal = 0;
    bool any = false;
    QS_CHECK(weights.forEach(context, [&](std::span<const float> part) {
        own = any ? joined(own, rangeOf(part)) : rangeOf(part);
        any = true;
        for (const float w : part)
            signal += static_cast<double>(w) * static_cast<double>(w);
    }));
    const WeightRange all = whole ? wholeRange(quantization) : own;
    const UnitSearch search{Quantizer(scheme, model.tensorOf(layer).dtype)};
    const Quantizer &quantizer = search.quantizer();
    const float largest = std::max(-own.min, own.max);
    const auto pointOf = [&](double share, const ScaleAndZeroPoint &with,
                             const Coding &coding) -> Result<ClippingPoint> {
        ClippingPoint point{share, 0, 0, 0};
        const Reach reach(scheme, all, share);
        QS_CHECK(weights.forEach(context, [&](std::span<const float> part) {
            point.errorEnergy += UnitSearch::squaredError(part, with, coding, largest);
            point.inside += reach.count(part);
        }));
        point.relativeError = signal > 0 ? std::sqrt(point.errorEnergy / signal) : 0;
        return point;
    };

    ClippingCurve curve;
    curve.weights = range.weights;
    for (std::size_t step = 0; step < kPoints; ++step) {
        QS_ASSIGN(const ClippingPoint point,
                  pointOf(1 - static_cast<double>(step) / 100, quantizer.scaleFor(search.shrunkBy(all, step)),
                          quantizer.coding()));
        if (std::isfinite(point.errorEnergy))
            curve.points.push_back(point);
    }
    const std::uint64_t entry = geometry.firstOf(channel) + group;
    const float largestScale = quantizer.scaleFor(all).stored;
    if (scheme.range.kind == RangeMethod::Kind::Hqq || entry >= quantization.scales.size() || largestScale == 0)
        return curve;
    const ScaleAndZeroPoint used = storedScale(quantization, entry);
    const double share = std::abs(static_cast<double>(used.stored) / static_cast<double>(largestScale));
    QS_ASSIGN(const ClippingPoint chosen, pointOf(std::min(share, 1.0), used, quantizer.storedCoding()));
    if (std::isfinite(chosen.errorEnergy))
        curve.chosen = chosen;
    return curve;
}

} // namespace qs
