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

    void flush(RowSums *sums)
    {
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            sums->signal[lane] += static_cast<double>(m_energy[static_cast<Eigen::Index>(lane)]);
        sums->nonZero += m_added - (m_zeros.total() - m_padding);
        *this = {};
    }

private:
    Lanes m_energy = Lanes::Zero();
    ZeroCounter m_zeros;
    std::uint64_t m_added = 0;
    std::uint64_t m_padding = 0;
};

/// The last weights that do not fill an array of lanes: filled up with zeros, or with the first of them.
template <FloatType type> Lanes padded(const unsigned char *source, std::size_t size, bool withZeros)
{
    unsigned char bytes[kLanes * kBytesOf<type>] = {};
    std::memcpy(bytes, source, size * kBytesOf<type>);
    for (std::size_t i = size; !withZeros && i < kLanes; ++i)
        std::memcpy(bytes + i * kBytesOf<type>, source, kBytesOf<type>);
    return load<type>(bytes);
}

float floatOf(std::uint32_t bits)
{
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// Widens a group by weights whose extremes are known as bits.
template <FloatType type>
void widen(RangeSums &group, const BitExtremes &bits, const unsigned char *source, std::size_t size)
{
    constexpr std::uint32_t kInfinity = 0x7f800000;
    constexpr std::uint32_t kMinus = 0x80000000;
    const std::int32_t largest = bits.largestSigned();
    const std::uint32_t smallest = bits.largestUnsigned();
    group.nonFinite = group.nonFinite || largest >= static_cast<std::int32_t>(kInfinity) ||
                      smallest >= (kInfinity | kMinus);
    float low = floatOf(smallest) + 0.0F; // −0 becomes 0
    float high = floatOf(static_cast<std::uint32_t>(largest));
    if (largest < 0 || smallest < kMinus) { // all of one sign
        const Lanes tail = padded<type>(source, smaller(size, kLanes), false);
        Lanes lows = tail;
        Lanes highs = tail;
        for (std::size_t i = 0; i < size; i += kLanes) {
            const Lanes v = i + kLanes <= size ? load<type>(source + i * kBytesOf<type>)
                                               : padded<type>(source + i * kBytesOf<type>, size - i, false);
            lows = lows.min(v);
            highs = highs.max(v);
        }
        low = smallestOf(lows) + 0.0F;
        high = largestOf(highs) + 0.0F;
    }
    group.min = !group.any || low < group.min ? low : group.min;
    group.max = !group.any || high > group.max ? high : group.max;
    group.any = true;
}

/// Groups of whole arrays of lanes, or one group only.
template <FloatType type, bool withSignal> void alignedRanges(const RangePiece &piece, std::size_t phase)
{
    const auto *source = static_cast<const unsigned char *>(piece.x);
    const std::size_t count = piece.count;
    Signal signal;
    std::size_t left = piece.groupSize - phase; // of the group
    RangeSums *group = piece.groups;
    for (std::size_t at = 0; at < count;) {
        // To the end of the group, of the piece, or of the chunk of the energies, whichever comes first.
        std::size_t size = smaller(left, count - at);
        if constexpr (withSignal)
            size = smaller(size, kChunk - at % kChunk);
        const unsigned char *run = source + at * kBytesOf<type>;
        const std::size_t whole = size / kLanes * kLanes;
        BitExtremes extremes;
        std::size_t i = 0;
        if constexpr (!withSignal) { // two chains of comparisons hide their latency
            BitExtremes others;
            for (; i + 4 * kLanes <= whole; i += 4 * kLanes) {
                extremes.add(load<type>(run + i * kBytesOf<type>));
                others.add(load<type>(run + (i + kLanes) * kBytesOf<type>));
                extremes.add(load<type>(run + (i + 2 * kLanes) * kBytesOf<type>));
                others.add(load<type>(run + (i + 3 * kLanes) * kBytesOf<type>));
            }
            extremes.add(others);
        }
        for (; i < whole; i += kLanes) {
            const Lanes v = load<type>(run + i * kBytesOf<type>);
            extremes.add(v);
            if constexpr (withSignal)
                signal.add(v);
        }
        if (whole < size) {
            const unsigned char *tail = run + whole * kBytesOf<type>;
            extremes.add(padded<type>(tail, size - whole, false));
            if constexpr (withSignal) {
                signal.add(padded<type>(tail, size - whole, true));
                signal.forget(kLanes - (size - whole));
            }
        }
        widen<type>(*group, extremes, run, size);
        at += size;
        left -= size;
        if constexpr (withSignal) {
            if (at % kChunk == 0 || at == count)
                signal.flush(piece.sums);
        }
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
