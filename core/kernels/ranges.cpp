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
    void forget(std::size_t padding)
    {
        m_added -= padding;
        m_padding += padding;
    }

    void flush(RowSums *sums)
    {
        addTo(sums->signal, m_energy);
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
inline void widen(RangeSums &group, std::int32_t largest, std::uint32_t smallest, const unsigned char *source,
                  std::size_t size)
{
    constexpr std::uint32_t kInfinity = 0x7f800000;
    constexpr std::uint32_t kMinus = 0x80000000;
    group.nonFinite =
        group.nonFinite || largest >= static_cast<std::int32_t>(kInfinity) || smallest >= (kInfinity | kMinus);
    float low = floatOf(smallest) + 0.0F; // −0 becomes 0
    float high = floatOf(static_cast<std::uint32_t>(largest));
    if (__builtin_expect(largest < 0 || smallest < kMinus, 0)) { // all of one sign
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
        widen<type>(*group, extremes.largestSigned(), extremes.largestUnsigned(), run, size);
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

/// Widens `batch` groups of `size` weights each.
template <FloatType type>
void widenGroups(const BitExtremes *extremes, RangeSums *groups, std::size_t batch, const unsigned char *source,
                 std::size_t size)
{
    std::int32_t largest[kLanes];
    std::uint32_t smallest[kLanes];
    BitExtremes::reduce(extremes, largest, smallest);
    float lows[kLanes];
    float highs[kLanes];
    std::memcpy(lows, smallest, sizeof lows);
    std::memcpy(highs, largest, sizeof highs);
    std::uint32_t plain = 0; // finite, with weights of both signs
    for (std::size_t k = 0; k < kLanes; ++k) {
        plain += static_cast<std::uint32_t>(largest[k] > 0) & static_cast<std::uint32_t>(largest[k] < 0x7f800000) &
                 static_cast<std::uint32_t>(smallest[k] > 0x80000000U) &
                 static_cast<std::uint32_t>(smallest[k] < 0xff800000U);
    }
    if (plain == kLanes) { // mostly
        for (std::size_t k = 0; k < batch; ++k) {
            RangeSums &group = groups[k];
            group.min = group.any && group.min < lows[k] ? group.min : lows[k];
            group.max = group.any && group.max > highs[k] ? group.max : highs[k];
            group.any = true;
        }
        return;
    }
    for (std::size_t k = 0; k < batch; ++k)
        widen<type>(groups[k], largest[k], smallest[k], source + k * size * kBytesOf<type>, size);
}

/// Whole groups of whole arrays of lanes, kLanes of them at a time.
template <FloatType type, bool withSignal> void manyRanges(const RangePiece &piece)
{
    const auto *source = static_cast<const unsigned char *>(piece.x);
    const std::size_t size = piece.groupSize;
    const std::size_t groups = piece.count / size;
    Signal signal;
    std::size_t at = 0;
    for (std::size_t g = 0; g < groups; g += kLanes) {
        alignas(64) unsigned char room[kLanes * sizeof(BitExtremes)]; // filled below, not before
        auto *extremes = reinterpret_cast<BitExtremes *>(room);
        const std::size_t batch = smaller(kLanes, groups - g);
        const std::size_t start = at;
        for (std::size_t k = 0; k < batch; ++k) {
            BitExtremes group;
            for (const std::size_t end = at + size; at < end; at += kLanes) {
                const Lanes v = load<type>(source + at * kBytesOf<type>);
                group.add(v);
                if constexpr (withSignal) {
                    signal.add(v);
                    if ((at + kLanes) % kChunk == 0)
                        signal.flush(piece.sums);
                }
            }
            std::memcpy(room + k * sizeof(BitExtremes), &group, sizeof group);
        }
        if (batch < kLanes)
            std::memset(room + batch * sizeof(BitExtremes), 0, (kLanes - batch) * sizeof(BitExtremes));
        widenGroups<type>(extremes, piece.groups + g, batch, source + start * kBytesOf<type>, size);
    }
    if constexpr (withSignal)
        signal.flush(piece.sums);
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
    else if (!one && phase == 0 && piece.count % piece.groupSize == 0)
        (piece.sums ? manyRanges<type, true> : manyRanges<type, false>)(piece);
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
