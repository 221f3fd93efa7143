// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// llama.cpp's K blocks: 256 weights in 8 or 16 units, whose scales are searched for and then rounded to 6 or 8 bits of
// a common scale. All arithmetic is float32 in the order of the weights, so that the bytes are those of its encoder;
// the units lie side by side in the inner loops, so that these become vectors.
#include "core/scheme/convention.h"
#include "core/scheme/conventions/formulas.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace qs {
namespace {

constexpr std::size_t kTogether = 256; // weights of a super-block
constexpr float kNothing = 1e-15F;     // units of smaller weights count as 0

/// One number per unit; one row of them per weight of a unit.
template <std::size_t units> using Lanes = std::array<float, units>;
template <std::size_t units> using Table = std::array<Lanes<units>, kTogether / units>;

/// To whole numbers below 2^22, halves to even; larger ones stay large.
float nearest(float x)
{
    constexpr float kWhole = 0x1.8p23F;
    return (x + kWhole) - kWhole;
}

/// NaN becomes `low`.
float bounded(float x, float low, float high)
{
    return x > low ? (x < high ? x : high) : low;
}

template <std::size_t units> Table<units> turned(std::span<const float> weights)
{
    Table<units> x;
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t u = 0; u < units; ++u)
            x[i][u] = weights[u * x.size() + i];
    return x;
}

/// Codes of weights with an offset: least weighted squared error over some steps around the range of each unit.
template <int largestCode> class OffsetSearch
{
public:
    static constexpr std::size_t kUnits = 8;

    explicit OffsetSearch(std::span<const float> weights)
        : m_x(turned<kUnits>(weights))
    {
        weigh();
        start();
    }

    /// Tries steps of (largestCode + first + i / 10) per range, i = 0 … count.
    void search(float first, int count)
    {
        for (int i = 0; i <= count; ++i)
            attempt(first + 0.1F * static_cast<float>(i) + static_cast<float>(largestCode));
        for (std::size_t u = 0; u < kUnits; ++u) {
            m_scale[u] = m_flat[u] ? 0 : m_scale[u];
            m_low[u] = m_flat[u] ? m_start[u] : m_low[u];
            for (std::size_t i = 0; i < m_x.size() && m_flat[u]; ++i)
                m_codes[i][u] = 0;
        }
    }

    float scale(std::size_t unit) const { return m_scale[unit]; }
    float depth(std::size_t unit) const { return -m_low[unit]; }
    float code(std::size_t i, std::size_t unit) const { return m_codes[i][unit]; }

private:
    void weigh()
    {
        Lanes<kUnits> squares{};
        m_sumWeight = m_sumX = {};
        for (const auto &row : m_x)
            for (std::size_t u = 0; u < kUnits; ++u)
                squares[u] += row[u] * row[u];
        for (float &square : squares)
            square = std::sqrt(square / static_cast<float>(m_x.size()));
        for (std::size_t i = 0; i < m_x.size(); ++i)
            for (std::size_t u = 0; u < kUnits; ++u) {
                m_weight[i][u] = squares[u] + std::fabs(m_x[i][u]);
                m_sumWeight[u] += m_weight[i][u];
                m_sumX[u] += m_weight[i][u] * m_x[i][u];
            }
    }

    void start()
    {
        m_low = {};
        m_high = m_x[0];
        for (const auto &row : m_x)
            for (std::size_t u = 0; u < kUnits; ++u) {
                m_low[u] = std::min(m_low[u], row[u]);
                m_high[u] = std::max(m_high[u], row[u]);
            }
        m_start = m_low;
        Lanes<kUnits> inverse;
        for (std::size_t u = 0; u < kUnits; ++u) {
            m_flat[u] = m_high[u] == m_low[u];
            m_high[u] = m_flat[u] ? m_low[u] + 1 : m_high[u]; // of no use, but finite
            inverse[u] = static_cast<float>(largestCode) / (m_high[u] - m_low[u]);
            m_scale[u] = 1 / inverse[u];
        }
        for (std::size_t i = 0; i < m_x.size(); ++i)
            for (std::size_t u = 0; u < kUnits; ++u)
                m_codes[i][u] = codeOf(m_x[i][u], inverse[u], m_low[u]);
        m_error = errors(m_codes, m_scale, m_low);
    }

    static float codeOf(float x, float inverse, float low)
    {
        return bounded(nearest(inverse * (x - low)), 0, static_cast<float>(largestCode));
    }

    Lanes<kUnits> errors(const Table<kUnits> &codes, const Lanes<kUnits> &scale, const Lanes<kUnits> &low) const
    {
        Lanes<kUnits> sum{};
        for (std::size_t i = 0; i < m_x.size(); ++i)
            for (std::size_t u = 0; u < kUnits; ++u) {
                const float difference = scale[u] * codes[i][u] + low[u] - m_x[i][u];
                sum[u] += m_weight[i][u] * (difference * difference);
            }
        return sum;
    }

    /// Codes for so many steps per range, the best scale and offset for them, kept where they are better.
    void attempt(float steps)
    {
        Lanes<kUnits> inverse;
        for (std::size_t u = 0; u < kUnits; ++u)
            inverse[u] = steps / (m_high[u] - m_low[u]);
        Lanes<kUnits> sum{};
        Lanes<kUnits> squares{};
        Lanes<kUnits> products{};
        for (std::size_t i = 0; i < m_x.size(); ++i)
            for (std::size_t u = 0; u < kUnits; ++u) {
                const float code = codeOf(m_x[i][u], inverse[u], m_low[u]);
                const float weighted = m_weight[i][u] * code;
                m_tried[i][u] = code;
                sum[u] += weighted;
                squares[u] += weighted * code;
                products[u] += weighted * m_x[i][u];
            }
        Lanes<kUnits> scale;
        Lanes<kUnits> low;
        std::array<bool, kUnits> solved{};
        for (std::size_t u = 0; u < kUnits; ++u) {
            const float determinant = m_sumWeight[u] * squares[u] - sum[u] * sum[u];
            solved[u] = determinant > 0;
            scale[u] = (m_sumWeight[u] * products[u] - m_sumX[u] * sum[u]) / determinant;
            low[u] = (squares[u] * m_sumX[u] - sum[u] * products[u]) / determinant;
            if (low[u] > 0) {
                low[u] = 0;
                scale[u] = products[u] / squares[u];
            }
        }
        const Lanes<kUnits> error = errors(m_tried, scale, low);
        for (std::size_t u = 0; u < kUnits; ++u) {
            if (!solved[u] || !(error[u] < m_error[u]))
                continue;
            m_error[u] = error[u];
            m_scale[u] = scale[u];
            m_low[u] = low[u];
            for (std::size_t i = 0; i < m_x.size(); ++i)
                m_codes[i][u] = m_tried[i][u];
        }
    }

    Table<kUnits> m_x;
    Table<kUnits> m_weight;
    Table<kUnits> m_codes;
    Table<kUnits> m_tried;
    Lanes<kUnits> m_sumWeight;
    Lanes<kUnits> m_sumX;
    Lanes<kUnits> m_low;
    Lanes<kUnits> m_high;
    Lanes<kUnits> m_start;
    Lanes<kUnits> m_scale;
    Lanes<kUnits> m_error;
    std::array<bool, kUnits> m_flat;
};

/// Six bits of the largest: a negative one wraps round as in the byte that it is kept in.
float sixBits(float inverse, float value)
{
    constexpr float kMost = 63;
    const float whole = bounded(nearest(inverse * value), -128, kMost);
    return whole < 0 ? kMost : whole;
}

template <int largestCode, int firstTenths, int count>
void searchWithOffsets(std::span<const float> weights, std::span<ScaleAndZeroPoint> scales,
                       std::span<std::int8_t> codes)
{
    using Search = OffsetSearch<largestCode>;
    Search search(weights);
    search.search(static_cast<float>(firstTenths) / 10, count);
    float largest = 0;
    float deepest = 0;
    for (std::size_t u = 0; u < Search::kUnits; ++u) {
        largest = std::max(largest, search.scale(u));
        deepest = std::max(deepest, search.depth(u));
    }
    const float inverse = largest > 0 ? 63 / largest : 0;
    const float inverseDepth = deepest > 0 ? 63 / deepest : 0;
    const float step = roundTo(DType::F16, largest / 63);
    const float depthStep = roundTo(DType::F16, deepest / 63);
    const std::size_t size = weights.size() / Search::kUnits;
    constexpr int kHalf = (largestCode + 1) / 2;
    for (std::size_t u = 0; u < Search::kUnits; ++u) {
        const float scale = step * sixBits(inverse, search.scale(u));
        const float depth = depthStep * sixBits(inverseDepth, search.depth(u));
        scales[u] = {.scale = scale, .stored = scale, .offset = -depth, .storedOffset = -depth};
        for (std::size_t i = 0; i < size; ++i) {
            const float position = nearest((weights[u * size + i] + depth) / scale);
            const float code = scale == 0 ? search.code(i, u) : bounded(position, 0, static_cast<float>(largestCode));
            codes[u * size + i] = static_cast<std::int8_t>(static_cast<int>(code) - kHalf);
        }
    }
}

/// Signed codes of 6 bits: the scale of largest gain Σwxl² / Σwl² with w = x², over some steps around the extreme.
class SignedSearch
{
public:
    static constexpr std::size_t kUnits = 16;
    static constexpr float kLowest = -32;
    static constexpr float kHighest = 31;

    explicit SignedSearch(std::span<const float> weights)
        : m_x(turned<kUnits>(weights))
    {
        Lanes<kUnits> size{};
        for (const auto &row : m_x)
            for (std::size_t u = 0; u < kUnits; ++u) {
                const bool larger = std::fabs(row[u]) > size[u];
                size[u] = larger ? std::fabs(row[u]) : size[u];
                m_extreme[u] = larger ? row[u] : m_extreme[u];
            }
        for (std::size_t u = 0; u < kUnits; ++u) {
            m_nothing[u] = size[u] < kNothing;
            m_extreme[u] = m_nothing[u] ? 1 : m_extreme[u];
        }
        attempt(0);
        for (int k = -9; k <= 9; ++k)
            if (k != 0)
                attempt(k);
        for (std::size_t u = 0; u < kUnits; ++u) {
            m_scale[u] = m_nothing[u] ? 0 : m_scale[u];
            for (std::size_t i = 0; i < m_x.size() && m_nothing[u]; ++i)
                m_codes[i][u] = kLowest;
        }
    }

    float scale(std::size_t unit) const { return m_scale[unit]; }
    float code(std::size_t i, std::size_t unit) const { return m_codes[i][unit]; }

private:
    void attempt(int k)
    {
        Lanes<kUnits> inverse;
        for (std::size_t u = 0; u < kUnits; ++u)
            inverse[u] = -(32 + 0.1F * static_cast<float>(k)) / m_extreme[u];
        Lanes<kUnits> products{};
        Lanes<kUnits> squares{};
        for (std::size_t i = 0; i < m_x.size(); ++i)
            for (std::size_t u = 0; u < kUnits; ++u) {
                const float x = m_x[i][u];
                const float code = bounded(nearest(inverse[u] * x), kLowest, kHighest);
                const float weight = x * x;
                m_tried[i][u] = code;
                products[u] += weight * x * code;
                squares[u] += weight * code * code;
            }
        for (std::size_t u = 0; u < kUnits; ++u) {
            const bool better = squares[u] > 0 && products[u] * products[u] > m_best[u] * squares[u];
            if (k != 0 && !better)
                continue;
            m_scale[u] = squares[u] != 0 ? products[u] / squares[u] : 0;
            m_best[u] = m_scale[u] * products[u];
            for (std::size_t i = 0; i < m_x.size(); ++i)
                m_codes[i][u] = m_tried[i][u];
        }
    }

    Table<kUnits> m_x;
    Table<kUnits> m_codes;
    Table<kUnits> m_tried;
    Lanes<kUnits> m_extreme{};
    Lanes<kUnits> m_scale;
    Lanes<kUnits> m_best;
    std::array<bool, kUnits> m_nothing;
};

void searchSigned(std::span<const float> weights, std::span<ScaleAndZeroPoint> scales, std::span<std::int8_t> codes)
{
    using Search = SignedSearch;
    const Search search(weights);
    float extreme = 0;
    for (std::size_t u = 0; u < Search::kUnits; ++u)
        extreme = std::fabs(search.scale(u)) > std::fabs(extreme) ? search.scale(u) : extreme;
    const bool nothing = std::fabs(extreme) < kNothing;
    const float inverse = nothing ? 0 : -128 / extreme;
    const float step = nothing ? 0 : roundTo(DType::F16, 1 / inverse);
    const std::size_t size = weights.size() / Search::kUnits;
    for (std::size_t u = 0; u < Search::kUnits; ++u) {
        const float scale = step * bounded(nearest(inverse * search.scale(u)), -128, 127);
        scales[u] = {.scale = scale, .stored = scale};
        for (std::size_t i = 0; i < size; ++i) {
            float code = nothing ? Search::kLowest : search.code(i, u);
            if (scale != 0)
                code = bounded(nearest(weights[u * size + i] / scale), Search::kLowest, Search::kHighest);
            codes[u * size + i] = static_cast<std::int8_t>(code);
        }
    }
}

/// `count` steps of an f16 number: infinite where that overflows.
float inSteps(float value, float count)
{
    return count * roundTo(DType::F16, value / count);
}

/// What one scale for some weights would be without the search.
ScaleAndZeroPoint spanOf(const WeightRange &range, const Scheme &scheme, DType /*source*/)
{
    const float low = std::min(range.min, 0.0F);
    const float scale = inSteps((range.max - low) / static_cast<float>(scheme.codeMax() - scheme.codeMin()), 63);
    const float offset = inSteps(low, 63);
    return {.scale = scale, .stored = scale, .offset = offset, .storedOffset = offset};
}

ScaleAndZeroPoint extremeOf(const WeightRange &range, const Scheme &scheme, DType /*source*/)
{
    const float extreme = -range.min > range.max ? range.min : range.max;
    const float scale = inSteps(extreme / static_cast<float>(scheme.codeMin()), -128);
    return {.scale = scale, .stored = scale};
}

/// The search is all there is: nothing but codes of another kind could be chosen.
Result<void> fitsAlone(const Scheme &scheme)
{
    const Convention *preset = findConvention(scheme.convention);
    if (preset != nullptr && scheme != preset->scheme())
        return fail(ErrorCode::Usage, Text::of("the convention {} searches its scales and codes in one way only: none "
                                               "of its other fields can be changed",
                                               scheme.convention));
    return {};
}

constexpr SuperBlock kQ4Block{.search = searchWithOffsets<15, -10, 20>};
constexpr SuperBlock kQ5Block{.search = searchWithOffsets<31, -5, 15>};
constexpr SuperBlock kQ6Block{.groupSize = 16, .units = 16, .scaleBytes = 18, .search = searchSigned};

} // namespace

constinit const Formula kGgmlQ4KFormula{.scaleOf = spanOf,
                                        .rule = CodeRule::OffsetDivide,
                                        .bestRule = CodeRule::OffsetDivide,
                                        .offsets = true,
                                        .ownRange = true,
                                        .wholeBlocks = true,
                                        .superBlock = &kQ4Block,
                                        .fits = fitsAlone};
constinit const Formula kGgmlQ5KFormula{.scaleOf = spanOf,
                                        .rule = CodeRule::OffsetDivide,
                                        .bestRule = CodeRule::OffsetDivide,
                                        .offsets = true,
                                        .ownRange = true,
                                        .wholeBlocks = true,
                                        .superBlock = &kQ5Block,
                                        .fits = fitsAlone};
constinit const Formula kGgmlQ6KFormula{.scaleOf = extremeOf,
                                        .ownRange = true,
                                        .wholeBlocks = true,
                                        .signedScales = true,
                                        .superBlock = &kQ6Block,
                                        .fits = fitsAlone};

} // namespace qs
