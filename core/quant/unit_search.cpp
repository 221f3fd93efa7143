// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/unit_search.h"

#include "core/metrics/error_tally.h"
#include "core/quant/convention.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace qs {

namespace {

/// t^(1/5) for t > 0, by Newton's method: plain arithmetic, so that every machine gives the same bits.
double fifthRoot(double t)
{
    int exponent = 0;
    const double mantissa = std::frexp(t, &exponent); // [0.5, 1)
    const int fifth = exponent >= 0 ? exponent / 5 : -((-exponent + 4) / 5);
    const double scaled = std::ldexp(mantissa, exponent - 5 * fifth); // [0.5, 16)
    double root = 0.75 + 0.0875 * scaled;
    for (int i = 0; i < 6; ++i) {
        const double square = root * root;
        root -= (root - scaled / (square * square)) / 5;
    }
    return std::ldexp(root, fifth);
}

/// x^2.4 for x ≥ 0.
double power2point4(double x)
{
    const double square = x * x;
    return x > 0 ? square * fifthRoot(square) : 0;
}

/// x^-0.3 for x > 0.
double powerMinus0point3(double x)
{
    return 1 / std::sqrt(fifthRoot(x * x * x));
}

/// Type in which llm-compressor sums errors.
DType errorType(const Scheme &scheme, DType source)
{
    const bool inSource = formulaOf(scheme).arithmetic == ScaleArithmetic::Source;
    return inSource && (source == DType::F16 || source == DType::BF16) ? source : DType::F32;
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
                const auto power = static_cast<float>(powerMinus0point3(static_cast<double>(size)));
                shrunken = std::copysign(std::max(size - kInverseBeta * power, 0.0F), difference);
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

WeightRange oneSided(const WeightRange &range, float magnitude)
{
    const bool negative = -range.min == range.max ? range.negativeFirst : -range.min > range.max;
    return negative ? WeightRange{-magnitude, 0, true} : WeightRange{0, magnitude, false};
}

std::size_t bestStep(const StepErrors &errors)
{
    return static_cast<std::size_t>(std::ranges::min_element(errors) - errors.begin());
}

UnitSearch::UnitSearch(const Scheme &scheme, DType source)
    : m_scheme(scheme)
    , m_source(source)
    , m_coding(codeRuleOf(scheme, source))
{}

bool UnitSearch::needsWeights() const
{
    return m_scheme.range.kind != RangeMethod::Kind::MinMax || formulaOf(m_scheme).scale != ScaleFormula::Extent;
}

bool UnitSearch::needsSteps() const
{
    return m_scheme.range.kind == RangeMethod::Kind::MseLlmCompressor || m_scheme.range.kind == RangeMethod::Kind::Hqq;
}

WeightRange UnitSearch::choose(std::span<const float> weights) const
{
    const WeightRange range = rangeOf(weights);
    switch (m_scheme.range.kind) {
    case RangeMethod::Kind::Percentile:
        return percentile(weights, range);
    case RangeMethod::Kind::Mse:
    case RangeMethod::Kind::MseLlmCompressor:
        return decide(errors(weights, range), range);
    case RangeMethod::Kind::MinMax:
    case RangeMethod::Kind::Hqq:
        break;
    }
    return range;
}

ScaleAndZeroPoint UnitSearch::scaleOf(std::span<const float> weights) const
{
    if (m_scheme.range.kind != RangeMethod::Kind::Hqq)
        return scaleFor(choose(weights), m_scheme, m_source);
    std::array<double, kHqqSteps> errors;
    return scaleFrom(optimised(weights, m_scheme, std::span(errors).first(m_steps)), m_scheme);
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
    const PercentileRanks ranks = percentileRanks(weights.size(), m_scheme);
    if (m_scheme.mode == Mode::Asymmetric) {
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
    return shrunk(range, share, m_scheme, m_source);
}

StepErrors UnitSearch::errors(std::span<const float> weights, const WeightRange &range) const
{
    const bool squares = m_scheme.range.kind == RangeMethod::Kind::Mse;
    const float largest = std::max(-range.min, range.max);
    StepErrors result{};
    for (std::size_t step = 0; step < (squares ? kMseSteps : kLlmCompressorSteps); ++step) {
        const ScaleAndZeroPoint with = scaleFor(shrunkBy(range, step), m_scheme, m_source);
        result[step] = squares ? squaredError(weights, with, largest) : llmCompressorError(weights, with);
    }
    return result;
}

WeightRange UnitSearch::decide(const StepErrors &errors, const WeightRange &range) const
{
    if (m_scheme.range.kind == RangeMethod::Kind::Mse)
        return shrunkBy(range, bestStep(errors));
    const std::uint32_t improved = improvements(errors);
    std::size_t step = 0;
    for (std::size_t i = 0; i < m_steps; ++i)
        if (((improved >> i) & 1U) != 0)
            step = i;
    return shrunkBy(range, step);
}

double UnitSearch::squaredError(std::span<const float> weights, const ScaleAndZeroPoint &with, float largest) const
{
    if (!with.finite())
        return std::numeric_limits<double>::infinity();
    const auto zeroPoint = static_cast<std::int8_t>(with.zeroPoint);
    RowSums sums;
    QuantizePiece piece;
    piece.x = weights.data();
    piece.count = weights.size();
    piece.scale = runOf(with, zeroPoint, m_coding.hasOffsets());
    piece.coding = m_coding;
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
    const DType type = errorType(m_scheme, m_source);
    const auto zeroPoint = static_cast<std::int8_t>(with.zeroPoint);
    std::array<float, kFlushInterval> values;
    double error = 0;
    for (std::size_t at = 0; at < weights.size(); at += values.size()) {
        const auto part = weights.subspan(at, std::min(values.size(), weights.size() - at));
        QuantizePiece piece;
        piece.x = part.data();
        piece.count = part.size();
        piece.scale = runOf(with, zeroPoint, m_coding.hasOffsets());
        piece.coding = m_coding;
        piece.values = values.data();
        kernels().quantize(&piece);
        for (std::size_t i = 0; i < part.size(); ++i) {
            const float difference = std::fabs(roundTo(type, roundTo(type, values[i]) - part[i]));
            const auto power = static_cast<float>(power2point4(static_cast<double>(difference)));
            error += static_cast<double>(roundTo(type, power));
        }
    }
    return error;
}

std::uint32_t UnitSearch::improvements(const StepErrors &errors) const
{
    const DType type = errorType(m_scheme, m_source);
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
    optimised(weights, m_scheme, errors);
    return errors;
}

} // namespace qs
