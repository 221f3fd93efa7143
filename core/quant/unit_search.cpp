// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/unit_search.h"

#include "core/metrics/error_tally.h"
#include "core/quant/ranks.h"
#include "core/scheme/conventions/hqq.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace qs {

namespace {

/// All weights under one scale; `with` and `zeroPoint` must outlive the result.
ScaleRun runOf(const ScaleAndZeroPoint &with, const std::int8_t &zeroPoint, bool offsets)
{
    ScaleRun run;
    run.scales = &with.scale;
    run.stored = &with.stored;
    run.zeroPoints = zeroPoint != 0 ? &zeroPoint : nullptr; // none is faster
    run.offsets = offsets ? &with.storedOffset : nullptr;
    run.codeOffsets = offsets ? &with.offset : nullptr;
    run.groupSize = std::numeric_limits<std::size_t>::max();
    return run;
}

/// The sign of the first weight of largest magnitude is looked up where it counts.
WeightRange rangeFrom(const RangeSums &sums, std::span<const float> weights)
{
    WeightRange range{sums.min, sums.max, false};
    if (-range.min == range.max) {
        const auto first = std::ranges::find(weights, range.max, [](float w) { return std::fabs(w); });
        range.negativeFirst = first != weights.end() && std::signbit(*first);
    }
    return range;
}

} // namespace

WeightRange rangeOf(std::span<const float> weights)
{
    RangeSums sums;
    RangePiece piece;
    piece.x = weights.data();
    piece.count = weights.size();
    piece.groupSize = std::max<std::size_t>(weights.size(), 1);
    piece.groups = &sums;
    kernels().ranges(&piece);
    return rangeFrom(sums, weights);
}

WeightRange joined(const WeightRange &first, const WeightRange &second)
{
    const auto negative = [](const WeightRange &range) {
        return -range.min == range.max ? range.negativeFirst : -range.min > range.max;
    };
    const bool secondIsLarger = std::max(-second.min, second.max) > std::max(-first.min, first.max);
    return {std::min(first.min, second.min), std::max(first.max, second.max),
            negative(secondIsLarger ? second : first)};
}

PercentileRanks percentileRanks(std::uint64_t count, const Scheme &scheme)
{
    // ⌈share · count⌉ with a share in parts of a whole number: no rounding of shares such as 99.9 %.
    const auto rank = [count](std::uint64_t share, std::uint64_t whole) {
        const std::uint64_t rest = count % whole * share;
        return count / whole * share + rest / whole + (rest % whole != 0);
    };
    const std::uint64_t all = RangeMethod::kAllWeights;
    const std::uint64_t share = scheme.range.millionths;
    if (scheme.mode == Mode::Symmetric)
        return {1, rank(share, all)};
    const std::uint64_t high = rank(all + share, 2 * all);
    return {count - high + 1, high};
}

bool clipsNothing(std::uint64_t count, const Scheme &scheme)
{
    return scheme.range.kind == RangeMethod::Kind::Percentile && scheme.range.millionths < RangeMethod::kAllWeights &&
           percentileRanks(count, scheme).high >= count;
}

WeightRange oneSided(const WeightRange &range, float magnitude)
{
    const bool negative = -range.min == range.max ? range.negativeFirst : -range.min > range.max;
    return negative ? WeightRange{-magnitude, 0, true} : WeightRange{0, magnitude, false};
}

std::size_t bestStep(const StepErrors &errors)
{
    return static_cast<std::size_t>(std::ranges::min_element(errors) - errors.begin());
}

bool UnitSearch::needsSteps() const
{
    return scheme().range.kind == RangeMethod::Kind::MseLlmCompressor || scheme().range.kind == RangeMethod::Kind::Hqq;
}

ScaleAndZeroPoint UnitSearch::scaleOf(std::span<const float> weights, const RangeSums &extremes,
                                      std::uint64_t unit) const
{
    const WeightRange range = rangeFrom(extremes, weights);
    switch (scheme().range.kind) {
    case RangeMethod::Kind::Percentile:
        return m_quantizer.scaleFor(percentile(weights, range));
    case RangeMethod::Kind::Mse:
        return m_quantizer.scaleFor(decide(errors(weights, range), range));
    case RangeMethod::Kind::MseLlmCompressor:
        return m_quantizer.scaleFor(m_improved.empty() ? decide(errors(weights, range), range)
                                                       : shrunkBy(range, lastOf(m_improved[unit])));
    case RangeMethod::Kind::Hqq:
        return scaleFrom({hqqStart(range, scheme()).inverse, m_zeros[unit]}, scheme());
    case RangeMethod::Kind::MinMax:
    case RangeMethod::Kind::Output: // where nothing is known of inputs; else output_search
        break;
    }
    return m_quantizer.scaleFor(range);
}

SuperBlockScales UnitSearch::scalesOf(std::span<const float> weights) const
{
    const SuperBlock &block = *m_quantizer.superBlock();
    SuperBlockScales found;
    block.search(weights, std::span(found.scales).first(block.units), std::span(found.codes).first(block.size()));
    return found;
}

WeightRange UnitSearch::percentile(std::span<const float> weights, const WeightRange &range) const
{
    const PercentileRanks ranks = percentileRanks(weights.size(), scheme());
    const bool cutsHigh = ranks.high < weights.size();
    // −0 becomes 0
    if (scheme().mode == Mode::Asymmetric)
        return {ranks.low > 1 ? lowOfRank(weights, ranks.low) + 0.0F : range.min,
                cutsHigh ? highOfRank(weights, ranks.high) + 0.0F : range.max, false};
    return oneSided(range, cutsHigh ? magnitudeOfRank(weights, ranks.high) : std::max(-range.min, range.max));
}

WeightRange UnitSearch::shrunkBy(const WeightRange &range, std::size_t step) const
{
    const auto share = static_cast<float>(1 - static_cast<double>(step) / 100);
    return m_quantizer.shrunk(range, share);
}

StepErrors UnitSearch::errors(std::span<const float> weights, const WeightRange &range) const
{
    const bool squares = scheme().range.kind == RangeMethod::Kind::Mse;
    const float largest = std::max(-range.min, range.max);
    StepErrors result{};
    for (std::size_t step = 0; step < (squares ? kMseSteps : kLlmCompressorSteps); ++step) {
        const ScaleAndZeroPoint with = m_quantizer.scaleFor(shrunkBy(range, step));
        result[step] = squares ? squaredError(weights, with, largest) : llmCompressorError(weights, with);
    }
    return result;
}

WeightRange UnitSearch::decide(const StepErrors &errors, const WeightRange &range) const
{
    const bool squares = scheme().range.kind == RangeMethod::Kind::Mse;
    return shrunkBy(range, squares ? bestStep(errors) : lastOf(improvements(errors)));
}

std::size_t UnitSearch::lastOf(std::uint32_t improved) const
{
    const std::uint32_t tried = improved & ((1U << m_steps) - 1);
    return tried == 0 ? 0 : static_cast<std::size_t>(std::bit_width(tried)) - 1;
}

double UnitSearch::squaredError(std::span<const float> weights, const ScaleAndZeroPoint &with, const Coding &coding,
                                float largest)
{
    if (!with.finite())
        return std::numeric_limits<double>::infinity();
    const auto zeroPoint = static_cast<std::int8_t>(with.zeroPoint);
    RowSums sums;
    QuantizePiece piece;
    piece.x = weights.data();
    piece.count = weights.size();
    piece.scale = runOf(with, zeroPoint, coding.hasOffsets());
    piece.coding = coding;
    piece.sums = &sums;
    piece.wide = needsWideSums(largest);
    piece.signalKnown = !piece.wide; // nobody asks for it
    kernels().quantize(&piece);
    double error = 0;
    for (const double lane : sums.error)
        error += lane;
    return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

double UnitSearch::llmCompressorError(std::span<const float> weights, const ScaleAndZeroPoint &with) const
{
    if (!with.finite())
        return std::numeric_limits<double>::infinity();
    const Coding coding = m_quantizer.coding();
    const DType type = m_quantizer.arithmetic(); // in which errors are summed
    const auto zeroPoint = static_cast<std::int8_t>(with.zeroPoint);
    std::array<float, kFlushInterval> values;
    PowerErrorPiece powers{.exponent = static_cast<double>(roundTo(type, 2.4F)), // as PyTorch rounds it
                           .arithmetic = arithmeticOf(type)};
    for (std::size_t at = 0; at < weights.size(); at += values.size()) {
        const auto part = weights.subspan(at, std::min(values.size(), weights.size() - at));
        QuantizePiece piece;
        piece.x = part.data();
        piece.count = part.size();
        piece.scale = runOf(with, zeroPoint, coding.hasOffsets());
        piece.coding = coding;
        piece.values = values.data();
        kernels().quantize(&piece);
        powers.x = part.data();
        powers.y = values.data();
        powers.count = part.size();
        kernels().powerError(&powers);
    }
    return powers.error;
}

std::uint32_t UnitSearch::improvements(const StepErrors &errors) const
{
    const DType type = m_quantizer.arithmetic();
    float best = type == DType::F16 ? 65504.0F : type == DType::BF16 ? 0x1.FEp127F : std::numeric_limits<float>::max();
    std::uint32_t result = 0;
    for (std::size_t step = 0; step < kLlmCompressorSteps; ++step) {
        const float error = roundTo(type, static_cast<float>(errors[step]));
        if (error < best) {
            best = error;
            result |= 1U << step;
        }
    }
    return result;
}

std::size_t UnitSearch::llmCompressorSteps(std::uint32_t improvementsOfAll)
{
    constexpr int kPatience = 5;
    int without = 0;
    for (std::size_t step = 0; step < kLlmCompressorSteps; ++step) {
        without = ((improvementsOfAll >> step) & 1U) != 0 ? 0 : without + 1;
        if (without >= kPatience)
            return step + 1;
    }
    return kLlmCompressorSteps;
}

} // namespace qs
