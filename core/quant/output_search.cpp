// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/output_search.h"

#include "core/base/parallel.h"
#include "core/quant/symmetric_matrix.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

namespace qs {
namespace {

constexpr std::size_t kCoarseStep = 6;       // percent of the min–max range
constexpr std::size_t kMostSteps = 95;       // what is left is 5 % of the range
constexpr std::size_t kWeightsPerLook = 512; // at the task
constexpr std::uint64_t kWeightsPerItem = 64 * 1024;

using Steps = std::vector<std::size_t>;
using Costs = std::vector<double>;

Steps coarseSteps()
{
    Steps steps;
    for (std::size_t step = 0; step <= kMostSteps; step += kCoarseStep)
        steps.push_back(step);
    return steps;
}

/// Around the best of the coarse ones, without it.
Steps fineSteps(std::size_t best)
{
    Steps steps;
    for (std::size_t step = best - std::min(best, kCoarseStep - 1); step < best + kCoarseStep; ++step)
        if (step != best && step <= kMostSteps)
            steps.push_back(step);
    return steps;
}

/// The step of least cost, with `costs(steps)` the costs of some; of equal ones the smallest step of the coarse ones.
template <class CostsOf> Result<std::size_t> bestStepOf(const CostsOf &costs)
{
    const Steps coarse = coarseSteps();
    QS_ASSIGN(const Costs first, costs(coarse));
    const auto least = std::ranges::min_element(first);
    std::size_t best = coarse[static_cast<std::size_t>(least - first.begin())];
    double cost = *least;
    const Steps fine = fineSteps(best);
    QS_ASSIGN(const Costs second, costs(fine));
    for (std::size_t i = 0; i < fine.size(); ++i) {
        if (second[i] < cost) {
            cost = second[i];
            best = fine[i];
        }
    }
    return best;
}

/// One channel with its H.
class RowSearch
{
public:
    RowSearch(const UnitSearch &search, const InputMoments &moments, std::span<const double> matrix,
              std::span<const float> weights)
        : m_search(search)
        , m_moments(moments)
        , m_matrix(matrix)
        , m_weights(weights)
    {}

    /// eᵀHe of the whole row under some steps.
    Result<Costs> costs(const Steps &steps, const WeightRange &range, const TaskContext &context) const
    {
        thread_local std::vector<double> errors;
        const std::size_t size = m_weights.size();
        errors.resize(steps.size() * size);
        Costs result(steps.size(), 0);
        for (std::size_t s = 0; s < steps.size(); ++s) {
            const std::span<double> own = std::span(errors).subspan(s * size, size);
            if (unitErrors(m_search, m_weights, scaleAfter(range, steps[s]), own))
                continue;
            result[s] = std::numeric_limits<double>::infinity();
            std::ranges::fill(own, 0);
        }
        for (std::size_t i = 0; i < size; ++i) {
            if (i % kWeightsPerLook == 0)
                QS_CHECK(context.check());
            const double *const row = rowOf(i);
            for (std::size_t s = 0; s < steps.size(); ++s) {
                const double *const own = errors.data() + s * size;
                result[s] += own[i] * (2 * before(row, own, i) + diagonal(i) * own[i]);
            }
        }
        return result;
    }

    ScaleAndZeroPoint scaleAfter(const WeightRange &range, std::size_t step) const
    {
        return m_search.quantizer().scaleFor(m_search.shrunkBy(range, step));
    }

    /// Steps of all groups, one after the other.
    Result<Steps> groupSteps(std::size_t groupSize)
    {
        const std::size_t size = m_weights.size();
        Steps result;
        std::vector<double> errors(size);
        for (std::size_t at = 0; at < size; at += groupSize) {
            const std::size_t length = std::min(groupSize, size - at);
            const auto part = m_weights.subspan(at, length);
            if (!unitErrors(m_search, part, scaleAfter(rangeOf(part), 0), std::span(errors).subspan(at, length)))
                return Steps(ceilDiv(size, groupSize), 0); // told by the scales themselves
        }
        m_product.assign(size, 0);
        addProduct(0, errors);
        for (std::size_t at = 0; at < size; at += groupSize) {
            const std::size_t length = std::min(groupSize, size - at);
            const std::span<double> own = std::span(errors).subspan(at, length);
            QS_ASSIGN(const std::size_t best, groupStep(at, own));
            result.push_back(best);
            if (best == 0)
                continue;
            std::vector<double> change(length);
            changeUnder(at, own, best, change);
            addProduct(at, change);
            for (std::size_t i = 0; i < length; ++i)
                own[i] += change[i];
        }
        return result;
    }

private:
    const double *rowOf(std::size_t i) const { return m_matrix.data() + (m_moments.full ? triangleRow(i) : 0); }
    double diagonal(std::size_t i) const { return m_moments.diagonal(m_matrix, i); }
    /// Σ H[i, j]·errors[j] over j < i.
    double before(const double *row, const double *errors, std::size_t i) const
    {
        return m_moments.full ? dotProduct(row, errors, i) : 0;
    }

    /// What a step changes about the errors of the group that starts with weight `at`.
    bool changeUnder(std::size_t at, std::span<const double> errors, std::size_t step, std::span<double> change) const
    {
        const auto part = m_weights.subspan(at, errors.size());
        if (!unitErrors(m_search, part, scaleAfter(rangeOf(part), step), change))
            return false;
        for (std::size_t i = 0; i < errors.size(); ++i)
            change[i] -= errors[i];
        return true;
    }

    Result<std::size_t> groupStep(std::size_t at, std::span<const double> errors) const
    {
        std::vector<double> change(errors.size());
        return bestStepOf([&](const Steps &steps) -> Result<Costs> {
            Costs costs;
            for (const std::size_t step : steps) {
                double &cost = costs.emplace_back(0);
                if (!changeUnder(at, errors, step, change)) {
                    cost = std::numeric_limits<double>::infinity();
                    continue;
                }
                for (std::size_t i = 0; i < change.size(); ++i) {
                    const double within = m_moments.full ? dotProduct(rowOf(at + i) + at, change.data(), i) : 0;
                    cost += change[i] * (2 * m_product[at + i] + 2 * within + diagonal(at + i) * change[i]);
                }
            }
            return costs;
        });
    }

    /// Adds H·change, where `change` starts with weight `at`.
    void addProduct(std::size_t at, std::span<const double> change)
    {
        for (std::size_t i = 0; i < change.size(); ++i)
            m_product[at + i] += diagonal(at + i) * change[i];
        if (!m_moments.full)
            return;
        for (std::size_t i = 0; i < change.size(); ++i) // columns before each weight
            addScaled(change[i], rowOf(at + i), m_product.data(), at + i);
        for (std::size_t i = at + 1; i < m_product.size(); ++i)
            m_product[i] += dotProduct(rowOf(i) + at, change.data(), std::min(i - at, change.size()));
    }

    const UnitSearch &m_search;
    const InputMoments &m_moments;
    std::span<const double> m_matrix;
    std::span<const float> m_weights;
    std::vector<double> m_product; ///< H·e of the row
};

class LayerOutputSearch
{
public:
    LayerOutputSearch(const UnitSearch &search, const FloatBlocks &blocks, const InputMoments &moments,
                      const TaskContext &context)
        : m_search(search)
        , m_blocks(blocks)
        , m_moments(moments)
        , m_context(context)
        , m_geometry{search.scheme().granularity, blocks.shape()}
        , m_rowsPerItem(
              std::max<std::uint64_t>(1, kWeightsPerItem / std::max<std::uint64_t>(1, blocks.shape().weights)))
    {}

    Result<void> run(const ScaleStore &store) const
    {
        if (m_geometry.granularity.kind == Granularity::Kind::Tensor)
            return wholeLayer(store);
        const bool grouped = m_geometry.granularity.kind == Granularity::Kind::Group;
        return forEachRow([&](std::size_t, std::uint64_t channel, RowSearch &row, std::span<const float> weights) {
            return grouped ? storeGroups(channel, row, weights, store) : storeChannel(channel, row, weights, store);
        });
    }

private:
    Result<void> storeChannel(std::uint64_t channel, const RowSearch &row, std::span<const float> weights,
                              const ScaleStore &store) const
    {
        const WeightRange range = rangeOf(weights);
        QS_ASSIGN(const std::size_t best,
                  bestStepOf([&](const Steps &steps) { return row.costs(steps, range, m_context); }));
        store(m_geometry.firstOf(channel), row.scaleAfter(range, best));
        return {};
    }

    Result<void> storeGroups(std::uint64_t channel, RowSearch &row, std::span<const float> weights,
                             const ScaleStore &store) const
    {
        const std::size_t size = m_geometry.groupSize();
        QS_ASSIGN(const Steps steps, row.groupSteps(size));
        for (std::size_t group = 0; group < steps.size(); ++group) {
            const std::size_t at = group * size;
            const auto part = weights.subspan(at, std::min(size, weights.size() - at));
            store(m_geometry.firstOf(channel) + group, row.scaleAfter(rangeOf(part), steps[group]));
        }
        return {};
    }

    Result<void> wholeLayer(const ScaleStore &store) const
    {
        std::vector<WeightRange> ranges(items());
        QS_CHECK(parallelFor(items(), m_context, [&](std::size_t item) -> Result<void> {
            thread_local std::vector<float> values;
            QS_CHECK(m_blocks.read(rangeOfItem(item), values));
            ranges[item] = rangeOf(values);
            return {};
        }));
        WeightRange range = ranges.front();
        for (const WeightRange &part : ranges)
            range = joined(range, part);
        QS_ASSIGN(const std::size_t best, bestStepOf([&](const Steps &steps) { return costsOfAll(steps, range); }));
        store(0, m_search.quantizer().scaleFor(m_search.shrunkBy(range, best)));
        return {};
    }

    /// Added in the order of rows.
    Result<Costs> costsOfAll(const Steps &steps, const WeightRange &range) const
    {
        std::vector<Costs> parts(items(), Costs(steps.size(), 0));
        QS_CHECK(forEachRow([&](std::size_t item, std::uint64_t, const RowSearch &row, std::span<const float>) {
            auto costs = row.costs(steps, range, m_context);
            if (!costs)
                return Result<void>(std::unexpected(std::move(costs).error()));
            std::ranges::transform(parts[item], *costs, parts[item].begin(), std::plus<>());
            return Result<void>();
        }));
        Costs sums(steps.size(), 0);
        for (const Costs &part : parts)
            std::ranges::transform(sums, part, sums.begin(), std::plus<>());
        return sums;
    }

    std::size_t items() const { return ceilDiv(m_geometry.shape.channels, m_rowsPerItem); }
    BlockRange rangeOfItem(std::size_t item) const
    {
        const std::uint64_t first = item * m_rowsPerItem;
        return {first, std::min(m_rowsPerItem, m_geometry.shape.channels - first), 0, m_geometry.shape.weights};
    }

    template <class Body> Result<void> forEachRow(const Body &body) const
    {
        return parallelFor(items(), m_context, [&](std::size_t item) -> Result<void> {
            std::vector<float> values; // not of the thread: what a body calls may read blocks, too
            const BlockRange range = rangeOfItem(item);
            QS_CHECK(m_blocks.read(range, values));
            for (std::uint64_t c = 0; c < range.channels; ++c) {
                QS_CHECK(m_context.check());
                const auto weights = std::span<const float>(values).subspan(c * range.weights, range.weights);
                const std::uint64_t channel = range.channel + c;
                RowSearch row(m_search, m_moments, m_moments.matrixOf(channel, m_geometry.shape), weights);
                QS_CHECK(body(item, channel, row, weights));
            }
            return {};
        });
    }

    const UnitSearch &m_search;
    const FloatBlocks &m_blocks;
    const InputMoments &m_moments;
    const TaskContext &m_context;
    ScaleGeometry m_geometry;
    std::uint64_t m_rowsPerItem;
};

} // namespace

Result<void> searchOutputScales(const UnitSearch &search, const FloatBlocks &blocks, const InputMoments &moments,
                                const TaskContext &context, const ScaleStore &store)
{
    return LayerOutputSearch(search, blocks, moments, context).run(store);
}

bool unitErrors(const UnitSearch &search, std::span<const float> weights, const ScaleAndZeroPoint &with,
                std::span<double> errors)
{
    if (!with.finite())
        return false;
    thread_local std::vector<float> values;
    values.resize(weights.size());
    const auto zeroPoint = static_cast<std::int8_t>(with.zeroPoint);
    QuantizePiece piece;
    piece.coding = search.quantizer().coding();
    piece.x = weights.data();
    piece.count = weights.size();
    piece.scale.scales = &with.scale;
    piece.scale.stored = &with.stored;
    piece.scale.zeroPoints = &zeroPoint;
    piece.scale.offsets = piece.coding.hasOffsets() ? &with.storedOffset : nullptr;
    piece.scale.codeOffsets = piece.coding.hasOffsets() ? &with.offset : nullptr;
    piece.scale.groupSize = std::numeric_limits<std::size_t>::max();
    piece.values = values.data();
    kernels().quantize(&piece);
    for (std::size_t i = 0; i < weights.size(); ++i)
        errors[i] = static_cast<double>(values[i]) - static_cast<double>(weights[i]);
    return true;
}

double outputError(std::span<const double> errors, const InputMoments &moments, std::span<const double> matrix)
{
    double sum = 0;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const double before = moments.full ? dotProduct(matrix.data() + triangleRow(i), errors.data(), i) : 0;
        sum += errors[i] * (2 * before + moments.diagonal(matrix, i) * errors[i]);
    }
    return sum;
}

} // namespace qs
