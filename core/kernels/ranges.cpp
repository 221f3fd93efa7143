// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Extremes and signal energies of weights.
#include "core/kernels/lanes.h"

namespace qs::QS_LEVEL {

namespace {

template <FloatType type> std::uint64_t zerosOf(const unsigned char *source, std::size_t size)
{
    ZeroCounter counters[2];
    const std::size_t whole = size / (2 * kLanes) * (2 * kLanes);
    for (std::size_t i = 0; i < whole; i += 2 * kLanes) {
        counters[0].add(load<type>(source + i * kBytesOf<type>));
        counters[1].add(load<type>(source + (i + kLanes) * kBytesOf<type>));
    }
    std::uint64_t zeros = counters[0].total() + counters[1].total();
    const std::size_t left = size - whole;
    if (left > 0) {
        unsigned char bytes[2 * kLanes * kBytesOf<type>] = {};
        std::memcpy(bytes, source + whole * kBytesOf<type>, left * kBytesOf<type>);
        ZeroCounter last;
        last.add(load<type>(bytes));
        last.add(load<type>(bytes + kLanes * kBytesOf<type>));
        zeros += last.total() - (2 * kLanes - left);
    }
    return zeros;
}

/// Float lanes of Σx² and what tells of zeros, one chunk at a time.
class Signal
{
public:
    /// Two consecutive arrays of lanes.
    void add(const Lanes &a, const Lanes &b)
    {
        m_energy += a * a + b * b;
        m_zeros[0].add(a);
        m_zeros[kGroup / 2 - 1].add(b);
    }

    /// The chunk is complete: `size` weights from `chunk` on; what else was added were zeros.
    template <FloatType type> void flush(const unsigned char *chunk, std::size_t size, RowSums *sums)
    {
        addTo(sums->signal, m_energy);
        bool any = false;
        for (const ZeroWatch &watch : m_zeros)
            any = any || watch.any();
        sums->nonZero += any ? size - zerosOf<type>(chunk, size) : size;
    }

private:
    Lanes m_energy = Lanes::Zero();
    ZeroWatch m_zeros[kGroup / 2]; // independent of each other where there are registers enough
};

/// The last weights that do not fill an array of lanes: filled up with zeros, or with the first of them.
template <FloatType type> Lanes padded(const unsigned char *source, std::size_t size, bool withZeros)
{
    unsigned char bytes[kLanes * kBytesOf<type>] = {};
    for (std::size_t i = 0; !withZeros && i < kLanes; ++i)
        std::memcpy(bytes + i * kBytesOf<type>, source, kBytesOf<type>);
    std::memcpy(bytes, source, smaller(size, kLanes) * kBytesOf<type>);
    return load<type>(bytes);
}

float floatOf(std::uint32_t bits)
{
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// The range of weights whose extremes are known as bits.
template <FloatType type>
inline RangeSums rangeOf(std::int32_t largest, std::uint32_t smallest, const unsigned char *source, std::size_t size)
{
    constexpr std::uint32_t kInfinity = 0x7f800000;
    constexpr std::uint32_t kMinus = 0x80000000;
    if (largest >= static_cast<std::int32_t>(kInfinity) || smallest >= (kInfinity | kMinus))
        return {-HUGE_VALF, HUGE_VALF};
    if (__builtin_expect(largest >= 0 && smallest >= kMinus, 1))
        return {floatOf(smallest) + 0.0F, floatOf(static_cast<std::uint32_t>(largest))}; // −0 becomes 0
    // All of one sign.
    const Lanes tail = padded<type>(source, size, false);
    Lanes lows = tail;
    Lanes highs = tail;
    for (std::size_t i = 0; i < size; i += kLanes) {
        const Lanes v = i + kLanes <= size ? load<type>(source + i * kBytesOf<type>)
                                           : padded<type>(source + i * kBytesOf<type>, size - i, false);
        lows = lows.min(v);
        highs = highs.max(v);
    }
    return {smallestOf(lows) + 0.0F, largestOf(highs) + 0.0F};
}

/// One group of `size` weights.
template <FloatType type, bool withSignal>
void oneRange(const unsigned char *source, std::size_t size, RangeSums &group, RowSums *sums)
{
    constexpr std::size_t kStep = kGroup;
    constexpr std::size_t kChains = withSignal ? kGroup / 2 : kGroup; // as many as hide their latency
    BitExtremes extremes[kChains];
    const auto array = [&](std::size_t at, bool withZeros) {
        const unsigned char *from = source + at * kBytesOf<type>;
        return at + kLanes <= size ? load<type>(from) : padded<type>(from, size - at, withZeros);
    };
    for (std::size_t at = 0; at < size;) {
        Signal signal;
        const std::size_t start = at;
        const std::size_t end = withSignal ? smaller(size, at + kChunk) : size;
        for (; at + kStep * kLanes <= end; at += kStep * kLanes) {
            Lanes v[kStep];
            for (std::size_t k = 0; k < kStep; ++k) {
                v[k] = load<type>(source + (at + k * kLanes) * kBytesOf<type>);
                extremes[k % kChains].add(v[k]);
            }
            for (std::size_t k = 0; withSignal && kGroup > 2 && k < kStep; k += 2)
                signal.add(v[k], v[k + 1]);
        }
        if constexpr (withSignal && kGroup == 2) { // anew, since registers are too few for both at once
            for (std::size_t i = start; i < at; i += kStep * kLanes) {
                const unsigned char *from = source + i * kBytesOf<type>;
                signal.add(load<type>(from), load<type>(from + kLanes * kBytesOf<type>));
            }
        }
        if (at < end) {
            for (std::size_t i = at; i < end; i += kLanes)
                extremes[0].add(array(i, false));
            for (std::size_t i = at; withSignal && i < end; i += 2 * kLanes)
                signal.add(array(i, true), i + kLanes < end ? array(i + kLanes, true) : Lanes(Lanes::Zero()));
            at = end;
        }
        if constexpr (withSignal)
            signal.template flush<type>(source + start * kBytesOf<type>, end - start, sums);
    }
    for (std::size_t k = 1; k < kChains; ++k)
        extremes[0].add(extremes[k]);
    group = size > 0 ? rangeOf<type>(extremes[0].largestSigned(), extremes[0].largestUnsigned(), source, size)
                     : RangeSums();
}

/// The ranges of `batch` groups of `size` weights each.
template <FloatType type>
void setGroups(const BitExtremes *extremes, RangeSums *groups, std::size_t batch, const unsigned char *source,
               std::size_t size)
{
    alignas(64) std::int32_t largest[kLanes];
    alignas(64) std::uint32_t smallest[kLanes];
    if (BitExtremes::reduce(extremes, largest, smallest) && batch == kLanes) { // mostly
        for (std::size_t k = 0; k < kLanes; ++k)
            groups[k] = {floatOf(smallest[k]), floatOf(static_cast<std::uint32_t>(largest[k]))};
        return;
    }
    for (std::size_t k = 0; k < batch; ++k)
        groups[k] = rangeOf<type>(largest[k], smallest[k], source + k * size * kBytesOf<type>, size);
}

/// Σx² and zeros of the chunks from weight `from` on that end at or before `upTo`, and at the end of the last, shorter
/// one: where it stops.
template <FloatType type>
std::size_t addSignals(const unsigned char *source, std::size_t from, std::size_t upTo, std::size_t count,
                       RowSums *sums)
{
    while (from < upTo && (from + kChunk <= upTo || upTo == count)) {
        const std::size_t end = smaller(from + kChunk, count);
        Signal signal;
        for (std::size_t i = from; i < end; i += 2 * kLanes)
            signal.add(load<type>(source + i * kBytesOf<type>), load<type>(source + (i + kLanes) * kBytesOf<type>));
        signal.template flush<type>(source + from * kBytesOf<type>, end - from, sums);
        from = end;
    }
    return from;
}

/// Whole groups of an even number of arrays of lanes, kLanes of them at a time.
template <FloatType type, bool withSignal> void manyRanges(const RangePiece &piece)
{
    const auto *source = static_cast<const unsigned char *>(piece.x);
    const std::size_t size = piece.groupSize;
    const std::size_t groups = piece.count / size;
    std::size_t added = 0;
    std::size_t at = 0;
    for (std::size_t g = 0; g < groups; g += kLanes) {
        alignas(64) unsigned char room[kLanes * sizeof(BitExtremes)]; // filled below, not before
        auto *extremes = reinterpret_cast<BitExtremes *>(room);
        const std::size_t batch = smaller(kLanes, groups - g);
        const std::size_t start = at;
        for (std::size_t k = 0; k < batch; ++k) {
            BitExtremes group;
            for (const std::size_t end = at + size; at < end; at += 2 * kLanes) {
                group.add(load<type>(source + at * kBytesOf<type>));
                group.add(load<type>(source + (at + kLanes) * kBytesOf<type>));
            }
            std::memcpy(room + k * sizeof(BitExtremes), &group, sizeof group);
        }
        if (batch < kLanes)
            std::memset(room + batch * sizeof(BitExtremes), 0, (kLanes - batch) * sizeof(BitExtremes));
        setGroups<type>(extremes, piece.groups + g, batch, source + start * kBytesOf<type>, size);
        if constexpr (withSignal) // anew from the first-level cache: GCC keeps both at once in memory
            added = addSignals<type>(source, added, at, piece.count, piece.sums);
    }
}

/// Groups of any size.
template <FloatType type> void anyRanges(const RangePiece &piece, std::size_t phase)
{
    const auto *source = static_cast<const unsigned char *>(piece.x);
    for (std::size_t at = 0; at < piece.count;) {
        const std::size_t group = (phase + at) / piece.groupSize;
        const std::size_t end = smaller((group + 1) * piece.groupSize - phase, piece.count);
        oneRange<type, false>(source + at * kBytesOf<type>, end - at, piece.groups[group], nullptr);
        at = end;
    }
    RangeSums unused;
    if (piece.sums)
        oneRange<type, true>(source, piece.count, unused, piece.sums);
}

template <FloatType type> void rangesOf(const RangePiece &piece)
{
    const std::size_t phase = piece.phase % piece.groupSize;
    const auto *source = static_cast<const unsigned char *>(piece.x);
    if (phase + piece.count <= piece.groupSize)
        (piece.sums ? oneRange<type, true> : oneRange<type, false>)(source, piece.count, *piece.groups, piece.sums);
    else if (phase == 0 && piece.groupSize % (2 * kLanes) == 0 && piece.count % piece.groupSize == 0)
        (piece.sums ? manyRanges<type, true> : manyRanges<type, false>)(piece);
    else
        anyRanges<type>(piece, phase);
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
