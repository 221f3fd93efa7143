// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/unit_search.h"

#include "core/metrics/error_tally.h"
#include "core/scheme/conventions/hqq.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numbers>
#include <vector>

namespace qs {

namespace {

/// Taylor's factors, highest power first.
constexpr std::array kArtanh{1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1.0};
constexpr auto kExponential = [] {
    std::array<double, 15> factors{};
    double factor = 1;
    for (std::size_t k = 0; k < factors.size(); ++k) {
        factors[factors.size() - 1 - k] = factor;
        factor /= static_cast<double>(k + 1);
    }
    return factors;
}();

/// x^exponent for normal x > 0, to about 1e-15 of it, while the result is a normal number: plain arithmetic, so that
/// every machine gives the same bits, which a library's pow() does not promise.
double power(double x, double exponent)
{
    constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52U) - 1;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    double whole = static_cast<double>(bits >> 52U) - 1023;
    double m = std::bit_cast<double>((bits & kMantissa) | std::uint64_t{1023} << 52U); // [1, 2)
    if (m > std::numbers::sqrt2) {
        m /= 2;
        whole += 1;
    }
    // log2(m) = 2/ln 2 · artanh t
    const double t = (m - 1) / (m + 1);
    const double t2 = t * t;
    double series = 0;
    for (const double factor : kArtanh)
        series = series * t2 + factor;
    const double y = exponent * (whole + 2 / std::numbers::ln2 * t * series);
    const double steps = std::nearbyint(y);
    const double f = (y - steps) * std::numbers::ln2;
    double e = 0;
    for (const double factor : kExponential)
        e = e * f + factor;
    return e * std::bit_cast<double>(static_cast<std::uint64_t>(static_cast<std::int64_t>(steps) + 1023) << 52U);
}

/// All weights under one scale; `with` and `zeroPoint` must outlive the result.
ScaleRun runOf(const ScaleAndZeroPoint &with, const std::int8_t &zeroPoint, bool offsets)
{
    ScaleRun run;
    run.scales = &with.scale;
    run.stored = &with.stored;
    run.zeroPoints = &zeroPoint;
    run.offsets = offsets ? &with.storedOffset : nullptr;
    run.codeOffsets = offsets ? &with.offset : nullptr;
    run.groupSize = std::numeric_limits<std::size_t>::max();
    return run;
}

/// HQQ's optimisation of the zero; errors[i] gets Σ|w − ŵ| of step i.
HqqTerms optimised(std::span<const float> weights, const Scheme &scheme, std::span<double> errors)
{
    auto [inverse, zero] = hqqStart(rangeOf(weights), scheme);
    const auto largestCode = static_cast<float>(scheme.codeMax() - scheme.codeMin());
    constexpr float kInverseBeta = 0.1F;
    constexpr double kExponent = -0.3F; // rounded as PyTorch rounds it
    for (double &error : errors) {
        double codes = 0;
        error = 0;
        for (const float w : weights) {
            const float code = std::clamp(std::nearbyint(w * inverse + zero), 0.0F, largestCode);
            const float difference = w - (code - zero) / inverse;
            const float size = std::fabs(difference);
            error += static_cast<double>(size);
            float shrunken = 0;
            if (size > 0) {
                const auto less = kInverseBeta * static_cast<float>(power(static_cast<double>(size), kExponent));
                shrunken = std::copysign(std::max(size - less, 0.0F), difference);
            }
            codes += static_cast<double>(code - (w - shrunken) * inverse);
        }
        zero = static_cast<float>(codes / static_cast<double>(weights.size()));
    }
    return {inverse, zero};
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
    WeightRange range{sums.min, sums.max, false};
    if (-range.min == range.max) {
        const auto first = std::ranges::find(weights, range.max, [](float w) { return std::fabs(w); });
        range.negativeFirst = first != weights.end() && std::signbit(*first);
    }
    return range;
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

WeightRange UnitSearch::choose(std::span<const float> weights) const
{
    const WeightRange range = rangeOf(weights);
    switch (scheme().range.kind) {
    case RangeMethod::Kind::Percentile:
        return percentile(weights, range);
    case RangeMethod::Kind::Mse:
    case RangeMethod::Kind::MseLlmCompressor:
        return decide(errors(weights, range), range);
    case RangeMethod::Kind::MinMax:
    case RangeMethod::Kind::Hqq:
    case RangeMethod::Kind::Output: // where nothing is known of inputs; else output_search
        break;
    }
    return range;
}

ScaleAndZeroPoint UnitSearch::scaleOf(std::span<const float> weights) const
{
    if (scheme().range.kind != RangeMethod::Kind::Hqq)
        return m_quantizer.scaleFor(choose(weights));
    std::array<double, kHqqSteps> errors;
    return scaleFrom(optimised(weights, scheme(), std::span(errors).first(m_steps)), scheme());
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
    thread_local std::vector<float> sorted;
    sorted.assign(weights.begin(), weights.end());
    const auto ofRank = [](std::uint64_t rank) {
        const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(rank - 1);
        std::nth_element(sorted.begin(), at, sorted.end());
        return *at + 0.0F; // −0 becomes 0
    };
    const PercentileRanks ranks = percentileRanks(weights.size(), scheme());
    if (scheme().mode == Mode::Asymmetric) {
        const float low = ofRank(ranks.low);
        return {low, ofRank(ranks.high), false};
    }
    for (float &value : sorted)
        value = std::fabs(value);
    return oneSided(range, ofRank(ranks.high));
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
    if (scheme().range.kind == RangeMethod::Kind::Mse)
        return shrunkBy(range, bestStep(errors));
    const std::uint32_t improved = improvements(errors);
    std::size_t step = 0;
    for (std::size_t i = 0; i < m_steps; ++i)
        if (((improved >> i) & 1U) != 0)
            step = i;
    return shrunkBy(range, step);
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
    const DType type = m_quantizer.arithmetic();                    // in which errors are summed
    const auto exponent = static_cast<double>(roundTo(type, 2.4F)); // as PyTorch rounds it
    const auto zeroPoint = static_cast<std::int8_t>(with.zeroPoint);
    std::array<float, kFlushInterval> values;
    double error = 0;
    for (std::size_t at = 0; at < weights.size(); at += values.size()) {
        const auto part = weights.subspan(at, std::min(values.size(), weights.size() - at));
        QuantizePiece piece;
        piece.x = part.data();
        piece.count = part.size();
        piece.scale = runOf(with, zeroPoint, coding.hasOffsets());
        piece.coding = coding;
        piece.values = values.data();
        kernels().quantize(&piece);
        for (std::size_t i = 0; i < part.size(); ++i) {
            const float difference = std::fabs(roundTo(type, roundTo(type, values[i]) - part[i]));
            if (difference > 0)
                error += static_cast<double>(
                    roundTo(type, static_cast<float>(power(static_cast<double>(difference), exponent))));
        }
    }
    return error;
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

std::array<double, kHqqSteps> UnitSearch::hqqErrors(std::span<const float> weights) const
{
    std::array<double, kHqqSteps> errors{};
    optimised(weights, scheme(), errors);
    return errors;
}

} // namespace qs
