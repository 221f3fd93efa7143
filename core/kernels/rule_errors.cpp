// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Errors of codes by the rules of ggml's blocks while they are formed, and the codes where they are wanted.
//
// The operations of code_rules.h and the very sums of measure.cpp, in the same lanes.
#include "core/kernels/chunk_sums.h"
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

/// The scales of a chunk and what follows from them.
class RuleTable
{
public:
    /// False when groups are not made of whole arrays of lanes, or a reciprocal is not finite.
    bool fill(const ScaleRun &run, std::size_t at, std::size_t size)
    {
        const std::size_t first = (run.phase + at) / run.groupSize;
        const std::size_t phase = (run.phase + at) - first * run.groupSize;
        if (run.groupSize % kLanes != 0 || phase % kLanes != 0 || phase + size <= run.groupSize || !run.scales)
            return false;
        m_lanesPerGroup = run.groupSize / kLanes;
        m_lanesBefore = phase / kLanes;
        const std::size_t count = (phase + size - 1) / run.groupSize + 1;
        const float *const offsets = run.offsets;
        const float *const codeOffsets = run.codeOffsets ? run.codeOffsets : offsets;
        std::uint32_t infinite = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const float scale = run.scales[first + i];
            const float stored = run.stored[first + i];
            const float inverse = 1.0F / scale;
            const float inverseStored = 1.0F / stored;
            m_inverse[i] = scale == 0 ? 0.0F : inverse;
            m_stored[i] = stored;
            m_inverseStored[i] = stored == 0 ? 0.0F : inverseStored;
            infinite |= static_cast<std::uint32_t>(!(m_inverse[i] >= -FLT_MAX)) |
                        static_cast<std::uint32_t>(!(m_inverse[i] <= FLT_MAX));
        }
        for (std::size_t i = 0; i < count; ++i)
            m_zeroPoint[i] = run.zeroPoints ? static_cast<float>(run.zeroPoints[first + i]) : 0.0F;
        for (std::size_t i = 0; i < count; ++i) {
            m_offset[i] = offsets ? offsets[first + i] : 0.0F;
            m_codeOffset[i] = codeOffsets ? codeOffsets[first + i] : 0.0F;
        }
        return infinite == 0;
    }

    std::size_t lanesPerGroup() const { return m_lanesPerGroup; }
    /// Of the first group, that belong to the weights before.
    std::size_t lanesBefore() const { return m_lanesBefore; }
    /// The scale itself is not kept.
    ScaleEntry at(std::size_t i) const
    {
        return {0, m_inverse[i], m_stored[i], m_zeroPoint[i], m_offset[i], m_codeOffset[i]};
    }
    float inverseStored(std::size_t i) const { return m_inverseStored[i]; }

private:
    static constexpr std::size_t kMost = kChunk / kLanes + 1;

    std::size_t m_lanesPerGroup = 1;
    std::size_t m_lanesBefore = 0;
    float m_inverse[kMost];
    float m_stored[kMost];
    float m_inverseStored[kMost];
    float m_zeroPoint[kMost];
    float m_offset[kMost];
    float m_codeOffset[kMost];
};

/// Codes before they are clamped: unclamped() of divided(), which is a number as the reciprocal is finite.
template <CodeRule rule> Lanes unclamped(const Lanes &v, const ScaleEntry &with, float codeMin)
{
    if constexpr (rule == CodeRule::ReciprocalAway)
        return roundedAway(v * with.inverse) + with.zeroPoint;
    else if constexpr (rule == CodeRule::Truncate)
        return truncated(v * with.inverse + (0.5F - codeMin)) + codeMin;
    else
        return truncated((v - with.codeOffset) * with.inverse + 0.5F) + codeMin;
}

/// Whole blocks.
template <FloatType type, CodeRule rule, bool coded>
void addBlocks(const unsigned char *weights, std::size_t end, const RuleTable &table, const Coding &coding,
               const Target &target, ChunkSums &result)
{
    constexpr bool kOffsets = rule == CodeRule::OffsetTruncate;
    const auto codeMin = static_cast<float>(coding.codeMin);
    const auto codeMax = static_cast<float>(coding.codeMax);
    const CodeStore how = target.how;
    const unsigned shift = how.packed ? 1 : 0; // two codes per byte
    const unsigned char *next = target.next;
    ChunkSums sums = result; // in registers
    std::size_t left = table.lanesPerGroup() - table.lanesBefore();
    std::size_t group = 0;
    for (std::size_t at = 0; at < end; at += kBlock) {
        if (next)
            fetchAhead(next, at * kBytesOf<type>, kBlock * kBytesOf<type>);
        Lanes zeros[kGroup]; // are 0 where the weight or what its code means is 0
        Lanes codes[kGroup];
        for (std::size_t pair = 0; pair < kGroup; pair += 2) {
            Lanes square[2];
            Lanes cross[2];
            Lanes steps[2];
            for (std::size_t i = 0; i < 2; ++i) {
                const std::size_t k = pair + i;
                if (left == 0) {
                    ++group;
                    left = table.lanesPerGroup();
                }
                --left;
                const ScaleEntry f = table.at(group);
                const Lanes v = load<type>(weights + (at + k * kLanes) * kBytesOf<type>);
                const Lanes rounded = unclamped<rule>(v, f, codeMin);
                codes[k] = rounded.max(codeMin).min(codeMax);
                sums.unclipped.addEqual(rounded, codes[k]);
                const Lanes r = codes[k] - (kOffsets ? codeMin : f.zeroPoint);
                Lanes value = r * f.stored;
                if constexpr (kOffsets)
                    value += f.offset;
                const Lanes e = value - v;
                square[i] = e * e;
                cross[i] = e * v;
                sums.largest = widest(sums.largest, e);
                const Lanes step = e * table.inverseStored(group);
                steps[i] = step * step;
                if constexpr (kOffsets)
                    zeros[k] = value.abs().min(v.abs());
                else
                    zeros[k] = r;
            }
            sums.error += square[0] + square[1];
            sums.cross += cross[0] + cross[1];
            sums.steps += steps[0] + steps[1];
        }
        sums.zeroCodes.addSteps(zeros);
        if constexpr (coded)
            storeCodes(toCodes(codes, 0), how, target.codes + (at >> shift));
    }
    sums.exact += end;
    result = sums;
}

template <FloatType type, CodeRule rule>
void addChunk(const QuantizePiece &piece, std::size_t at, std::size_t size, const RuleTable &table, RowTotals &totals)
{
    const Target target = targetOf(piece, at);
    const auto *weights = static_cast<const unsigned char *>(piece.x) + at * kBytesOf<type>;
    ChunkSums chunk;
    (target.codes ? addBlocks<type, rule, true> : addBlocks<type, rule, false>)(weights, size, table, piece.coding,
                                                                                target, chunk);
    flush<true>(chunk, totals);
    finish(chunk, size, totals);
}

template <CodeRule rule>
void addChunk(const QuantizePiece &piece, std::size_t at, std::size_t size, const RuleTable &table, RowTotals &totals)
{
    switch (piece.type) {
    case FloatType::F32:
        return addChunk<FloatType::F32, rule>(piece, at, size, table, totals);
    case FloatType::F16:
        return addChunk<FloatType::F16, rule>(piece, at, size, table, totals);
    case FloatType::BF16:
        return addChunk<FloatType::BF16, rule>(piece, at, size, table, totals);
    }
}

} // namespace

bool measureByRule(QuantizePiece *piece, std::size_t at, std::size_t size)
{
    const CodeRule rule = piece->coding.rule;
    const bool known =
        rule == CodeRule::ReciprocalAway || rule == CodeRule::Truncate || rule == CodeRule::OffsetTruncate;
    RuleTable table;
    if (!known || piece->values || piece->wide || size % kBlock != 0 || !table.fill(piece->scale, at, size))
        return false;
    RowTotals totals{piece->sums, 0};
    if (rule == CodeRule::ReciprocalAway)
        addChunk<CodeRule::ReciprocalAway>(*piece, at, size, table, totals);
    else if (rule == CodeRule::Truncate)
        addChunk<CodeRule::Truncate>(*piece, at, size, table, totals);
    else
        addChunk<CodeRule::OffsetTruncate>(*piece, at, size, table, totals);
    addTo(*piece, totals);
    return true;
}

} // namespace qs::QS_LEVEL
