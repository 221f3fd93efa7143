// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the fast ways to codes need of each scale, and why they give the codes of a true division.
//
// For scales s in [2^-100, 2^100], y = float(1/s), weights bounded to one step outside the code range, |w/s| ≤ 257:
//
// exactQuotient() with FMA: q0 = w·y is off by less than two units in the last place of w/s; the rest w − q0·s is
// exact in one fma (its lowest bit is 2^-149 or more, as s ≥ 2^-100 and |q0| ≥ 1/4 where it matters), and q0 + rest·y
// rounds to what rint() of the correctly rounded quotient rounds to. tests/core/tst_exact_codes shows it for every
// mantissa of s.
//
// The residual check: r = rint(w·y) differs from rint(w/s) only if w/s or its float32 neighbour lies within
// 2·2^-24·257 + 2^-16 < 2^-14 of a half. Then |r·s − w|, computed with one rounding of r·s (2^-24·257·s) and one of the
// difference, exceeds (1/2 − 2^-14)·s. So weights below that limit have the right code, and all others are coded anew
// with exactQuotient(). Weights that the clamp changes are at least half a step away from their value: they are among
// those coded anew, which is where they are counted. Of small groups nearly all have such a weight, since the largest
// one lies on a half: their codes come from exactQuotient() at once.
#pragma once

#include "core/kernels/lanes.h"

namespace qs::QS_LEVEL {

inline constexpr float kSmallestFast = 0x1p-100F;
inline constexpr float kLargestFast = 0x1p100F;
/// In steps; see above.
inline constexpr float kSureBelow = 0.5F - 0x1p-14F;

/// One scale and what follows from it.
struct Factors {
    float scale;
    float inverse;
    float stored;
    float inverseStored; ///< 0 for a stored scale of 0
    float zeroPoint;
    float low; ///< bounds of weights: one step outside the code range
    float high;
    float lowest; ///< bounds of code − zero point
    float highest;
};

/// Factors of some consecutive weights: of one scale, or of groups of whole arrays of lanes.
class FactorTable
{
public:
    /// Groups that a table has room for.
    static constexpr std::size_t kMost = 2 * kChunk / kLanes + 1;

    /// For weights [at, at + size) of a piece, at most kMost groups. False when they have to be done plainly.
    bool fill(const QuantizePiece &piece, std::size_t at, std::size_t size)
    {
        const ScaleRun &run = piece.scale;
        const std::size_t first = (run.phase + at) / run.groupSize;
        const std::size_t phase = (run.phase + at) - first * run.groupSize;
        m_many = phase + size > run.groupSize;
        m_zeroPoints = run.zeroPoints != nullptr;
        if (!m_many) {
            const ScaleEntry entry = scaleAt(run, at);
            for (std::size_t i = 0; i <= kGroup; ++i) {
                m_scale[i] = entry.scale;
                m_stored[i] = entry.stored;
                m_zeroPoint[i] = entry.zeroPoint;
            }
            return derive(piece, first, 1);
        }
        if (run.groupSize % kLanes != 0 || phase % kLanes != 0)
            return false;
        m_lanesPerGroup = run.groupSize / kLanes;
        m_lanesBefore = phase / kLanes;
        const std::size_t count = (phase + size - 1) / run.groupSize + 1;
        for (std::size_t i = 0; i < count; ++i) {
            m_scale[i] = run.scales[first + i];
            m_stored[i] = run.stored[first + i];
        }
        for (std::size_t i = 0; i < count; ++i)
            m_zeroPoint[i] = run.zeroPoints ? static_cast<float>(run.zeroPoints[first + i]) : 0.0F;
        for (std::size_t i = count; i < count + kGroup; ++i) // for the padding of the last block
            m_scale[i] = m_stored[i] = m_zeroPoint[i] = 1;
        return derive(piece, first, count);
    }

    bool many() const { return m_many; }
    bool zeroPoints() const { return m_zeroPoints; }
    std::size_t lanesPerGroup() const { return m_lanesPerGroup; }
    /// Of the first group, that belong to the weights before.
    std::size_t lanesBefore() const { return m_lanesBefore; }
    /// No weight needs the clamp, but for those that the residual check finds.
    bool bounded() const { return m_bounded; }
    /// All scales are stored as they are.
    bool storedAlike() const { return m_storedAlike; }

    Factors at(std::size_t i) const
    {
        return {m_scale[i], m_inverse[i], m_stored[i], m_inverseStored[i], m_zeroPoint[i],
                m_low[i],   m_high[i],    m_lowest[i], m_highest[i]};
    }

private:
    /// Whether no weight of the groups from `ranges` on needs the clamp. Quotients up to here that round out of the
    /// code range are within 2^-15 of a half: their residual shows it.
    bool staysInside(const RangeSums *ranges, std::size_t count) const
    {
        constexpr float kSlack = 0.5F + 0x1p-15F;
        std::uint32_t outside = 0;
        for (std::size_t i = 0; i < count; ++i) {
            outside |= static_cast<std::uint32_t>(!(ranges[i].min * m_inverse[i] >= m_lowest[i] - kSlack)) |
                       static_cast<std::uint32_t>(!(ranges[i].max * m_inverse[i] <= m_highest[i] + kSlack));
        }
        return outside == 0;
    }

    /// Fills in what follows from the scales and zero points of `count` groups, of which `first` is the first of the
    /// piece's; loops that vectorise. False when a scale is out of bounds.
    bool derive(const QuantizePiece &piece, std::size_t first, std::size_t count)
    {
        const auto codeMin = static_cast<float>(piece.coding.codeMin);
        const auto codeMax = static_cast<float>(piece.coding.codeMax);
        std::uint32_t slow = 0;
        std::uint32_t different = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const float scale = m_scale[i];
            slow |= static_cast<std::uint32_t>(!(scale >= kSmallestFast)) |
                    static_cast<std::uint32_t>(!(scale <= kLargestFast));
            different |= static_cast<std::uint32_t>(scale != m_stored[i]);
        }
        m_storedAlike = different == 0;
        const std::size_t all = count + kGroup;
        for (std::size_t i = 0; i < all; ++i) {
            m_inverse[i] = 1.0F / m_scale[i];
            m_lowest[i] = codeMin - m_zeroPoint[i];
            m_highest[i] = codeMax - m_zeroPoint[i];
        }
        m_bounded =
            piece.ranges && staysInside(piece.ranges + (first - piece.scale.phase / piece.scale.groupSize), count);
        for (std::size_t i = 0; (!m_bounded || piece.sums) && i < all; ++i) { // errors may not rely on the bounds
            m_low[i] = (m_lowest[i] - 1) * m_scale[i];
            m_high[i] = (m_highest[i] + 1) * m_scale[i];
        }
        for (std::size_t i = 0; piece.sums && i < all; ++i) {
            const float inverse = 1.0F / m_stored[i];
            m_inverseStored[i] = m_stored[i] == 0 ? 0.0F : inverse;
        }
        return slow == 0;
    }

    bool m_many = false;
    bool m_zeroPoints = false;
    bool m_bounded = false;
    bool m_storedAlike = true;
    std::size_t m_lanesPerGroup = 1;
    std::size_t m_lanesBefore = 0;
    float m_scale[kMost + kGroup];
    float m_inverse[kMost + kGroup];
    float m_stored[kMost + kGroup];
    float m_inverseStored[kMost + kGroup];
    float m_zeroPoint[kMost + kGroup];
    float m_low[kMost + kGroup];
    float m_high[kMost + kGroup];
    float m_lowest[kMost + kGroup];
    float m_highest[kMost + kGroup];
};

namespace {

/// Goes through a table, one array of lanes at a time.
template <bool many> class FactorCursor
{
public:
    explicit FactorCursor(const FactorTable &table)
        : m_table(&table)
        , m_only(table.at(0))
        , m_left(table.lanesPerGroup() - table.lanesBefore())
        , m_lanesPerGroup(table.lanesPerGroup())
    {}

    /// Entry of the next array of lanes.
    std::size_t next()
    {
        if constexpr (many) {
            if (m_left == 0) {
                ++m_entry;
                m_left = m_lanesPerGroup;
            }
            --m_left;
        }
        return m_entry;
    }
    Factors at(std::size_t entry) const { return many ? m_table->at(entry) : m_only; }

private:
    const FactorTable *m_table;
    Factors m_only;
    std::size_t m_entry = 0;
    std::size_t m_left;
    std::size_t m_lanesPerGroup;
};

/// w/s or w·(1/s), for weights of any size unless they are known to be bounded.
// No "bounded ? v : …": GCC 12 would copy lanes through memory in halves.
template <bool divide, bool bounded = false> inline Lanes scaled(const Lanes &v, const Factors &f)
{
    if constexpr (!bounded)
        return scaled<divide, true>(v.max(f.low).min(f.high), f);
    else if constexpr (divide)
        return exactQuotient(v, f.scale, f.inverse);
    else
        return v * f.inverse;
}

} // namespace

// The fast ways, for Divide, Reciprocal and what gives the codes of Divide: weights [at, at + size) of the piece.
void encode(const QuantizePiece &piece, const FactorTable &table, std::size_t at, std::size_t size);
/// At most kChunk weights of a table of many scales; of one scale whole chunks and what is left. Counts weights of 0
/// among the zero codes, and leaves `signal` and `nonZero` alone.
void measureCodes(QuantizePiece *piece, const FactorTable &table, std::size_t at, std::size_t size);
/// The same by rules of ggml's blocks, at most kChunk weights; false when they have to be done plainly.
bool measureByRule(QuantizePiece *piece, std::size_t at, std::size_t size);
/// The plain way, for everything, at most kChunk weights; returns how many of them are 0 where the signal is known.
std::uint64_t quantizePlainly(QuantizePiece *piece, std::size_t at, std::size_t size);

} // namespace qs::QS_LEVEL
