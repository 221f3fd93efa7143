// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/layer_search.h"

#include "core/base/parallel.h"
#include "core/scheme/conventions/hqq.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <mutex>
#include <optional>
#include <vector>

namespace qs {

namespace {

/// Units up to this size are worked on in memory; larger ones are read piece by piece, several times.
constexpr std::uint64_t kUnitInMemory = 1024 * 1024;
constexpr std::uint64_t kPieceWeights = 256 * 1024; // a multiple of kFlushInterval

/// Reads the weights of a layer unit by unit: all that share one scale.
class Units
{
public:
    /// `together`: so many units of a row are handed out as one.
    Units(const FloatBlocks &blocks, const Granularity &granularity, std::uint64_t together = 1)
        : m_blocks(blocks)
        , m_layout(blocks.layout())
        , m_geometry{granularity, blocks.shape()}
        , m_together(together)
    {}

    /// True when each unit fits into memory.
    bool inMemory() const { return largest() <= kUnitInMemory; }
    std::uint64_t count() const { return m_geometry.count(); }
    std::uint64_t largest() const { return m_geometry.unitSize(); }

    /// The weights of an entry of the scale table, or of the first of those that are handed out together.
    struct Unit {
        std::uint64_t entry;
        std::span<const float> weights;
    };
    /// Gets all units of an item, in order.
    using Body = std::function<void(std::uint64_t item, std::span<const Unit> units)>;
    /// Pieces of work of forEach().
    std::uint64_t items() const
    {
        if (whole())
            return 1;
        return m_layout.splitsChannels() ? m_geometry.shape.channels * itemsPerChannel() : m_layout.count();
    }
    Result<void> forEach(const TaskContext &context, const Body &body) const
    {
        return parallelFor(items(), context, [&](std::size_t item) -> Result<void> {
            thread_local std::vector<float> values;
            thread_local std::vector<Unit> units;
            const BlockRange range = itemRange(item);
            QS_CHECK(m_blocks.read(range, values));
            units.clear();
            if (whole())
                units.push_back({0, values});
            const std::uint64_t size = m_geometry.groupSize();
            for (std::uint64_t c = 0; c < range.channels && !whole(); ++c) {
                const std::span<const float> row = std::span(values).subspan(c * range.weights, range.weights);
                std::uint64_t entry = m_geometry.firstOf(range.channel + c) + range.weight / size;
                for (std::uint64_t at = 0; at < range.weights; at += m_together * size, entry += m_together)
                    units.push_back({entry, row.subspan(at, std::min(m_together * size, range.weights - at))});
            }
            body(item, units);
            return {};
        });
    }

    /// Pieces of a unit that does not fit into memory.
    std::uint64_t pieces(std::uint64_t unit) const
    {
        return whole() ? m_layout.count() : ceilDiv(weightsOf(unit).weights, kPieceWeights);
    }
    using PieceBody = std::function<void(std::size_t piece, std::span<const float> weights)>;
    Result<void> forEachPiece(std::uint64_t unit, const TaskContext &context, const PieceBody &body) const
    {
        return parallelFor(pieces(unit), context, [&](std::size_t index) -> Result<void> {
            thread_local std::vector<float> values;
            BlockRange range = whole() ? m_layout.block(index) : weightsOf(unit);
            if (!whole()) {
                const std::uint64_t done = index * kPieceWeights;
                range.weight += done;
                range.weights = std::min(kPieceWeights, range.weights - done);
            }
            QS_CHECK(m_blocks.read(range, values));
            body(index, values);
            return {};
        });
    }
    std::uint64_t sizeOf(std::uint64_t unit) const { return whole() ? largest() : weightsOf(unit).weights; }

private:
    bool whole() const { return m_geometry.granularity.kind == Granularity::Kind::Tensor; }
    std::uint64_t groupsPerItem() const { return std::max<std::uint64_t>(1, kPieceWeights / m_geometry.groupSize()); }
    std::uint64_t itemsPerChannel() const { return ceilDiv(m_geometry.groupsPerChannel(), groupsPerItem()); }

    BlockRange itemRange(std::uint64_t item) const
    {
        const MatrixShape &shape = m_geometry.shape;
        if (whole())
            return {0, shape.channels, 0, shape.weights};
        if (!m_layout.splitsChannels())
            return m_layout.block(item);
        const std::uint64_t size = groupsPerItem() * m_geometry.groupSize();
        const std::uint64_t weight = item % itemsPerChannel() * size;
        return {item / itemsPerChannel(), 1, weight, std::min(size, shape.weights - weight)};
    }

    /// Where the weights of a channel or group lie.
    BlockRange weightsOf(std::uint64_t unit) const
    {
        const std::uint64_t groups = m_geometry.groupsPerChannel();
        const std::uint64_t weight = unit % groups * m_geometry.groupSize();
        return {unit / groups, 1, weight, std::min(m_geometry.groupSize(), m_geometry.shape.weights - weight)};
    }

    const FloatBlocks &m_blocks;
    BlockLayout m_layout;
    ScaleGeometry m_geometry;
    std::uint64_t m_together;
};

/// Searches one unit after the other, each in pieces on all threads.
class SpreadSearch
{
public:
    SpreadSearch(const UnitSearch &search, const Units &units, std::uint64_t unit, const TaskContext &context)
        : m_search(search)
        , m_units(units)
        , m_unit(unit)
        , m_context(context)
    {}

    Result<WeightRange> range() const
    {
        std::vector<WeightRange> parts(m_units.pieces(m_unit));
        QS_CHECK(m_units.forEachPiece(m_unit, m_context, [&](std::size_t piece, std::span<const float> weights) {
            parts[piece] = rangeOf(weights);
        }));
        WeightRange result = parts.front();
        for (const WeightRange &part : parts)
            result = joined(result, part);
        return result;
    }

    Result<StepErrors> errors(const WeightRange &range) const
    {
        std::vector<StepErrors> parts(m_units.pieces(m_unit));
        QS_CHECK(m_units.forEachPiece(m_unit, m_context, [&](std::size_t piece, std::span<const float> weights) {
            parts[piece] = m_search.errors(weights, range);
        }));
        StepErrors result{};
        for (const StepErrors &part : parts)
            for (std::size_t step = 0; step < result.size(); ++step)
                result[step] += part[step];
        return result;
    }

    Result<WeightRange> choose() const
    {
        QS_ASSIGN(const WeightRange all, range());
        switch (m_search.scheme().range.kind) {
        case RangeMethod::Kind::Percentile:
            return percentile(all);
        case RangeMethod::Kind::Mse:
        case RangeMethod::Kind::MseLlmCompressor: {
            QS_ASSIGN(const StepErrors found, errors(all));
            return m_search.decide(found, all);
        }
        case RangeMethod::Kind::MinMax:
        case RangeMethod::Kind::Hqq: // never spread: groups are small
        case RangeMethod::Kind::Output:
            break;
        }
        return all;
    }

private:
    static constexpr std::size_t kBuckets = 65536;
    using Counts = std::vector<std::uint64_t>;

    /// Bits of a float in the order of the numbers; of |w| for symmetric schemes. 0 and −0 are one number.
    std::uint32_t keyOf(float weight) const
    {
        if (m_search.scheme().mode == Mode::Symmetric)
            return std::bit_cast<std::uint32_t>(weight) & 0x7fffffffU;
        const auto bits = std::bit_cast<std::uint32_t>(weight + 0.0F);
        return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
    }
    float fromKey(std::uint32_t key) const
    {
        if (m_search.scheme().mode == Mode::Symmetric)
            return std::bit_cast<float>(key);
        return std::bit_cast<float>((key & 0x80000000U) != 0 ? key & 0x7fffffffU : ~key);
    }

    /// How many weights have each value of the upper half of their key, or of the lower half under a given upper one.
    Result<Counts> histogram(std::optional<std::uint32_t> upper) const
    {
        Counts counts(kBuckets);
        std::mutex mutex;
        QS_CHECK(m_units.forEachPiece(m_unit, m_context, [&](std::size_t, std::span<const float> weights) {
            thread_local std::vector<std::uint32_t> part;
            part.assign(kBuckets, 0);
            for (const float weight : weights) {
                const std::uint32_t key = keyOf(weight);
                if (!upper)
                    ++part[key >> 16U];
                else if (key >> 16U == *upper)
                    ++part[key & 0xffffU];
            }
            const std::lock_guard lock(mutex);
            for (std::size_t i = 0; i < kBuckets; ++i)
                counts[i] += part[i];
        }));
        return counts;
    }

    /// Bucket of the weight of a rank, which becomes its rank inside the bucket.
    static std::uint32_t bucketOf(const Counts &counts, std::uint64_t &rank)
    {
        std::uint32_t bucket = 0;
        while (rank > counts[bucket])
            rank -= counts[bucket++];
        return bucket;
    }

    Result<WeightRange> percentile(const WeightRange &all) const
    {
        const PercentileRanks ranks = percentileRanks(m_units.sizeOf(m_unit), m_search.scheme());
        QS_ASSIGN(const Counts upper, histogram({}));
        const auto ofRank = [&](std::uint64_t rank) -> Result<float> {
            const std::uint32_t high = bucketOf(upper, rank);
            QS_ASSIGN(const Counts lower, histogram(high));
            return fromKey(high << 16U | bucketOf(lower, rank));
        };
        QS_ASSIGN(const float high, ofRank(ranks.high));
        if (m_search.scheme().mode == Mode::Symmetric)
            return oneSided(all, high);
        QS_ASSIGN(const float low, ofRank(ranks.low));
        return WeightRange{low, high, false};
    }

    const UnitSearch &m_search;
    const Units &m_units;
    std::uint64_t m_unit;
    const TaskContext &m_context;
};

/// HQQ's optimisation of the zeros of all units, some steps in each look at the weights. It stops with the first step
/// that does not lower the mean error of the layer.
class HqqSearch
{
public:
    HqqSearch(const Scheme &scheme, const Units &units, double count)
        : m_scheme(scheme)
        , m_units(units)
        , m_count(count)
        , m_zeros(units.count())
    {}

    Result<std::vector<float>> zeros(const TaskContext &context)
    {
        float best = std::numeric_limits<float>::infinity();
        for (std::size_t step = 0; step < kHqqSteps; step += kAtOnce) {
            QS_CHECK(lookAgain(step == 0, context));
            for (std::size_t i = 0; i < kAtOnce; ++i) {
                double error = 0;
                for (const auto &part : m_errors)
                    error += part[i];
                const auto mean = static_cast<float>(error / m_count);
                if (!(mean < best))
                    return zerosAfter(i);
                best = mean;
            }
        }
        return zerosAfter(kAtOnce - 1);
    }

private:
    static constexpr std::size_t kAtOnce = 5; // more need as many numbers for each unit in memory
    using Steps = std::array<float, kAtOnce>;

    Result<void> lookAgain(bool first, const TaskContext &context)
    {
        m_errors.assign(m_units.items(), {});
        const auto largestCode = static_cast<float>(m_scheme.codeMax() - m_scheme.codeMin());
        return m_units.forEach(context, [&](std::uint64_t item, std::span<const Units::Unit> units) {
            thread_local std::vector<ShrinkUnit> batch;
            for (std::size_t from = 0; from < units.size();) {
                const std::size_t size = units[from].weights.size();
                batch.clear();
                for (std::size_t i = from; i < units.size() && units[i].weights.size() == size; ++i) {
                    const HqqTerms start = hqqStart(rangeOf(units[i].weights), m_scheme);
                    batch.push_back({.x = units[i].weights.data(),
                                     .inverse = start.inverse,
                                     .zero = first ? start.zero : m_zeros[units[i].entry].back()});
                }
                for (std::size_t step = 0; step < kAtOnce; ++step) {
                    kernels().shrink(batch.data(), batch.size(), size, largestCode);
                    for (std::size_t i = 0; i < batch.size(); ++i) {
                        m_errors[item][step] += batch[i].error;
                        batch[i].zero = static_cast<float>(batch[i].codes / static_cast<double>(size));
                        m_zeros[units[from + i].entry][step] = batch[i].zero;
                    }
                }
                from += batch.size();
            }
        });
    }

    std::vector<float> zerosAfter(std::size_t step) const
    {
        std::vector<float> result;
        result.reserve(m_zeros.size());
        for (const Steps &steps : m_zeros)
            result.push_back(steps[step]);
        return result;
    }

    const Scheme &m_scheme;
    const Units &m_units;
    double m_count; ///< of weights
    std::vector<Steps> m_zeros;
    std::vector<std::array<double, kAtOnce>> m_errors; ///< of the items
};

Result<void> prepareLlmCompressor(UnitSearch &search, const Units &units, const TaskContext &context)
{
    std::uint32_t ofAll = 0;
    std::vector<std::uint32_t> improved;
    if (units.inMemory()) {
        improved.resize(units.count());
        QS_CHECK(units.forEach(context, [&](std::uint64_t, std::span<const Units::Unit> some) {
            for (const Units::Unit &unit : some)
                improved[unit.entry] = search.improvements(search.errors(unit.weights, rangeOf(unit.weights)));
        }));
        for (const std::uint32_t steps : improved)
            ofAll |= steps;
    }
    for (std::uint64_t unit = 0; unit < units.count() && !units.inMemory(); ++unit) {
        const SpreadSearch spread(search, units, unit, context);
        QS_ASSIGN(const WeightRange range, spread.range());
        QS_ASSIGN(const StepErrors errors, spread.errors(range));
        ofAll |= search.improvements(errors);
    }
    search.setSteps(UnitSearch::llmCompressorSteps(ofAll), std::move(improved));
    return {};
}

} // namespace

Result<void> prepareSearch(UnitSearch &search, const FloatBlocks &blocks, const TaskContext &context)
{
    const Units units(blocks, search.scheme().granularity);
    const MatrixShape shape = blocks.shape();
    if (shape.channels == 0 || shape.weights == 0)
        return {};
    if (search.scheme().range.kind == RangeMethod::Kind::Hqq) {
        const double count = static_cast<double>(shape.channels) * static_cast<double>(shape.weights);
        QS_ASSIGN(std::vector<float> zeros, HqqSearch(search.scheme(), units, count).zeros(context));
        search.setZeros(std::move(zeros));
    } else if (search.needsSteps()) {
        QS_CHECK(prepareLlmCompressor(search, units, context));
    }
    return {};
}

Result<void> searchScales(const UnitSearch &search, const FloatBlocks &blocks, const TaskContext &context,
                          const ScaleStore &store)
{
    if (const SuperBlock *superBlock = search.quantizer().superBlock()) {
        const Units units(blocks, search.scheme().granularity, superBlock->units);
        return units.forEach(context, [&](std::uint64_t, std::span<const Units::Unit> some) {
            for (const Units::Unit &unit : some) {
                const SuperBlockScales found = search.scalesOf(unit.weights);
                for (std::size_t i = 0; i < superBlock->units; ++i)
                    store(unit.entry + i, found.scales[i]);
            }
        });
    }
    const Units units(blocks, search.scheme().granularity);
    if (units.inMemory())
        return units.forEach(context, [&](std::uint64_t, std::span<const Units::Unit> some) {
            for (const Units::Unit &unit : some) {
                const WeightRange range = rangeOf(unit.weights);
                store(unit.entry, search.scaleOf(unit.weights, {range.min, range.max}, unit.entry));
            }
        });
    for (std::uint64_t unit = 0; unit < units.count(); ++unit) {
        QS_ASSIGN(const WeightRange range, SpreadSearch(search, units, unit, context).choose());
        store(unit, search.quantizer().scaleFor(range));
    }
    return {};
}

} // namespace qs
