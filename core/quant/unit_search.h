// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Range methods (NUMERICS.md §2) for the weights that share one scale: in memory, or summed piece by piece.
#pragma once

#include "core/quant/quantizer.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace qs {

/// Shares of the min–max range that `mse` tries: 1, 0.99 … 0.80; llm-compressor leaves out the last.
inline constexpr std::size_t kMseSteps = 21;
inline constexpr std::size_t kLlmCompressorSteps = 20;
inline constexpr std::size_t kHqqSteps = 20;

/// Units and weights of the largest super-block (SuperBlock).
inline constexpr std::size_t kMostUnits = 16;
inline constexpr std::size_t kMostTogether = 256;

/// Smallest and largest of some weights, and which sign comes first when both have the largest magnitude.
WeightRange rangeOf(std::span<const float> weights);

/// Range of some weights and others that come after them.
WeightRange joined(const WeightRange &first, const WeightRange &second);

/// The weights of rank `low` and `high` (counted from 1, in ascending order) bound a percentile; symmetric schemes:
/// of |w|, `high` only.
struct PercentileRanks {
    std::uint64_t low = 1;
    std::uint64_t high = 1;
};
PercentileRanks percentileRanks(std::uint64_t count, const Scheme &scheme);
/// Whether the scheme's percentile is below 100 and yet leaves out none of `count` weights, because they are so few.
bool clipsNothing(std::uint64_t count, const Scheme &scheme);
/// Range whose largest magnitude is `magnitude`, on the side where `range` has its largest.
WeightRange oneSided(const WeightRange &range, float magnitude);

/// Errors of the steps of a search.
using StepErrors = std::array<double, kMseSteps>;
/// The first step of least error.
std::size_t bestStep(const StepErrors &errors);

/// What SuperBlock::search() finds.
struct SuperBlockScales {
    std::array<ScaleAndZeroPoint, kMostUnits> scales;
    std::array<std::int8_t, kMostTogether> codes;
};

/// Chooses scales by the range method of a scheme. Safe to use from several threads.
class UnitSearch
{
public:
    explicit UnitSearch(Quantizer quantizer)
        : m_quantizer(std::move(quantizer))
    {}

    const Quantizer &quantizer() const { return m_quantizer; }
    const Scheme &scheme() const { return m_quantizer.scheme(); }
    /// True when the layer decides as a whole: prepareSearch() calls one of the two below.
    bool needsSteps() const;
    /// How many steps llm-compressor makes for the layer, and improvements() of each unit; none where units are
    /// searched piece by piece.
    void setSteps(std::size_t steps, std::vector<std::uint32_t> improved)
    {
        m_steps = steps;
        m_improved = std::move(improved);
    }
    /// The zero of each unit that HQQ's optimisation ends with.
    void setZeros(std::vector<float> zeros) { m_zeros = std::move(zeros); }

    /// Scale of the weights of an entry of the scale table, whose extremes are known (Kernels::ranges()).
    ScaleAndZeroPoint scaleOf(std::span<const float> weights, const RangeSums &extremes, std::uint64_t unit) const;
    /// The scales of the units of a super-block, and the codes of its weights.
    SuperBlockScales scalesOf(std::span<const float> weights) const;

    /// The range after a step of a search: 1 − step / 100 of it.
    WeightRange shrunkBy(const WeightRange &range, std::size_t step) const;
    /// Errors of all steps on some of a unit's weights, whose range is `range`; infinite for scales that are not
    /// finite.
    StepErrors errors(std::span<const float> weights, const WeightRange &range) const;
    /// The range that the errors of all of a unit's weights lead to.
    WeightRange decide(const StepErrors &errors, const WeightRange &range) const;
    /// Squared error of weights under a scale. `largest` is the largest |w| of the unit.
    double squaredError(std::span<const float> weights, const ScaleAndZeroPoint &with, float largest) const
    {
        return squaredError(weights, with, m_quantizer.coding(), largest);
    }
    static double squaredError(std::span<const float> weights, const ScaleAndZeroPoint &with, const Coding &coding,
                               float largest);

    /// Bit i: step i of llm-compressor's search improved on all before it.
    std::uint32_t improvements(const StepErrors &errors) const;
    /// How many steps it makes for a layer: it stops after five in a row that improve no unit.
    static std::size_t llmCompressorSteps(std::uint32_t improvementsOfAll);

private:
    double llmCompressorError(std::span<const float> weights, const ScaleAndZeroPoint &with) const;
    WeightRange percentile(std::span<const float> weights, const WeightRange &range) const;
    /// The last step that improved, of those that the layer makes.
    std::size_t lastOf(std::uint32_t improved) const;

    Quantizer m_quantizer;
    std::size_t m_steps = 0;
    std::vector<std::uint32_t> m_improved;
    std::vector<float> m_zeros;
};

} // namespace qs
