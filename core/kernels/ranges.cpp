// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Extremes and signal energies of weights.
#include "core/kernels/lanes.h"

namespace qs::QS_LEVEL {

namespace {

/// Float lanes of Σx² and the count of zeros, one chunk at a time.
class Signal
{
public:
    void add(const Lanes &v)
    {
        m_energy += v * v;
        m_zeros.add(v);
        m_added += kLanes;
    }
    /// Some of the lanes added were not there, but 0.
    void forget(std::size_t padding) { m_added -= padding; m_padding += padding; }

    /// False when something added was not finite, or too large for its square.
    bool flush(RowSums *sums)
    {
        bool finite = true;
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const float energy = m_energy[static_cast<Eigen::Index>(lane)];
            finite = finite && energy - energy == 0;
            sums->signal[lane] += static_cast<double>(energy);
        }
        sums->nonZero += m_added - (m_zeros.total() - m_padding);
        *this = {};
        return finite;
    }

private:
    Lanes m_energy = Lanes::Zero();
    ZeroCounter m_zeros;
    std::uint64_t m_added = 0;
    std::uint64_t m_padding = 0;
};

/// Extremes of one group.
class Extremes
{
public:
    void start(const Lanes &v) { m_low = m_high = v; }
    void add(const Lanes &v)
    {
        m_low = m_low.min(v);
        m_high = m_high.max(v);
    }
    void widen(RangeSums &group) const
    {
        // −0 becomes 0, whichever of the two the order of comparisons kept.
        const float low = smallestOf(m_low) + 0.0F;
        const float high = largestOf(m_high) + 0.0F;
        group.min = !group.any || low < group.min ? low : group.min;
        group.max = !group.any || high > group.max ? high : group.max;
        group.any = true;
    }

private:
    Lanes m_low = Lanes::Zero();
    Lanes m_high = Lanes::Zero();
};

/// NaN where something added was not finite, else ±0.
using Suspect = Lanes;

template <FloatType type> void padded(const unsigned char *source, std::size_t size, Lanes &zeros, Lanes &repeated)
{
    unsigned char bytes[kLanes * kBytesOf<type>] = {};
    std::memcpy(bytes, source, size * kBytesOf<type>);
    zeros = load<type>(bytes);
    for (std::size_t i = size; i < kLanes; ++i)
        std::memcpy(bytes + i * kBytesOf<type>, source, kBytesOf<type>);
    repeated = load<type>(bytes);
}

template <FloatType type> bool allFinite(const unsigned char *source, std::size_t size)
{
    Suspect suspect = Suspect::Zero();
    Lanes zeros;
    Lanes repeated;
    for (std::size_t i = 0; i + kLanes <= size; i += kLanes)
        suspect += load<type>(source + i * kBytesOf<type>) * 0.0F;
    if (size % kLanes != 0) {
        padded<type>(source + (size - size % kLanes) * kBytesOf<type>, size % kLanes, zeros, repeated);
        suspect += zeros * 0.0F;
    }
    return suspect.sum() == 0;
}

/// Groups of whole arrays of lanes, or one group only.
template <FloatType type, bool withSignal> void alignedRanges(const RangePiece &piece, std::size_t phase)
{
    const auto *source = static_cast<const unsigned char *>(piece.x);
    const std::size_t count = piece.count;
    Signal signal;
    Extremes extremes;
    std::size_t left = piece.groupSize - phase; // of the group
    RangeSums *group = piece.groups;
    for (std::size_t at = 0; at < count;) {
        // To the end of the group, the chunk or the piece, whichever comes first; chunks end within groups seldom.
        const std::size_t size = smaller(smaller(left, kChunk - at % kChunk), count - at);
        const unsigned char *run = source + at * kBytesOf<type>;
        const std::size_t whole = size / kLanes * kLanes;
        Suspect suspect = Suspect::Zero();
        if (whole > 0)
            extremes.start(load<type>(run));
        for (std::size_t i = 0; i < whole; i += kLanes) {
            const Lanes v = load<type>(run + i * kBytesOf<type>);
            extremes.add(v);
            if constexpr (withSignal)
                signal.add(v);
            else
                suspect += v * 0.0F;
        }
        if (whole < size) {
            Lanes zeros;
            Lanes repeated;
            padded<type>(run + whole * kBytesOf<type>, size - whole, zeros, repeated);
            if (whole == 0)
                extremes.start(repeated);
            extremes.add(repeated);
            if constexpr (withSignal) {
                signal.add(zeros);
                signal.forget(kLanes - (size - whole));
            } else {
                suspect += zeros * 0.0F;
            }
        }
        extremes.widen(*group);
        at += size;
        left -= size;
        bool finite = true;
        if constexpr (withSignal) {
            if (at % kChunk == 0 || at == count) {
                const std::size_t chunk = (at - 1) / kChunk * kChunk;
                finite = signal.flush(piece.sums) || allFinite<type>(source + chunk * kBytesOf<type>, at - chunk);
            }
        } else {
            finite = suspect.sum() == 0;
        }
        if (!finite) // of which group does not matter to anybody: the last one of the chunk
            group->nonFinite = true;
        if (left == 0) {
            ++group;
            left = piece.groupSize;
        }
    }
}

/// Groups of any size.
template <FloatType type> void anyRanges(const RangePiece &piece, std::size_t phase)
{
    const auto *source = static_cast<const unsigned char *>(piece.x);
    for (std::size_t at = 0; at < piece.count;) {
        const std::size_t group = (phase + at) / piece.groupSize;
        const std::size_t end = (group + 1) * piece.groupSize - phase;
        RangePiece one = piece;
        one.x = source + at * kBytesOf<type>;
        one.count = smaller(end, piece.count) - at;
        one.groups = piece.groups + group;
        alignedRanges<type, false>(one, 0);
        at += one.count;
    }
    if (piece.sums) {
        RangeSums all;
        RangePiece one = piece;
        one.groupSize = piece.count;
        one.groups = &all;
        alignedRanges<type, true>(one, 0);
    }
}

template <FloatType type> void rangesOf(const RangePiece &piece)
{
    const std::size_t phase = piece.phase % piece.groupSize;
    const bool one = phase + piece.count <= piece.groupSize;
    if (!one && (piece.groupSize % kLanes != 0 || phase % kLanes != 0))
        anyRanges<type>(piece, phase);
    else
        (piece.sums ? alignedRanges<type, true> : alignedRanges<type, false>)(piece, phase);
}

} // namespace

void ranges(const RangePiece *piece)
{
    switch (piece->type) {
    case FloatType::F32:
        return rangesOf<FloatType::F32>(*piece);
    case FloatType::F16:
        return rangesOf<FloatType::F16>(*piece);
    case FloatType::BF16:
        return rangesOf<FloatType::BF16>(*piece);
    }
}

void addSignal(const unsigned char *x, FloatType type, std::size_t count, RowSums *sums)
{
    RangeSums unused;
    const RangePiece piece{x, type, count, count + 1, 0, &unused, sums};
    ranges(&piece);
}

} // namespace qs::QS_LEVEL
