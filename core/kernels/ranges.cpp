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
    /// Two consecutive arrays of lanes.
    void add(const Lanes &a, const Lanes &b)
    {
        m_energy += a * a + b * b;
        m_zeros[0].add(a);
        m_zeros[kGroup / 2 - 1].add(b);
    }

    /// The chunk is complete; `size` of the weights added were there, the others were 0.
    void flush(std::size_t size, RowSums *sums)
    {
        addTo(sums->signal, m_energy);
        std::uint64_t zeros = 0;
        for (const ZeroCounter &counter : m_zeros)
            zeros += counter.total();
        sums->nonZero += ceilPair(size) - zeros;
    }

private:
    static std::size_t ceilPair(std::size_t size) { return (size + 2 * kLanes - 1) / (2 * kLanes) * (2 * kLanes); }

    Lanes m_energy = Lanes::Zero();
    ZeroCounter m_zeros[kGroup / 2]; // independent of each other where there are registers enough
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
    constexpr std::size_t kStep = withSignal ? 2 : kGroup;
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
            if constexpr (withSignal && kGroup > 2)
                signal.add(v[0], v[1]);
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
            if constexpr (withSignal)
                signal.add(array(at, true), at + kLanes < end ? array(at + kLanes, true) : Lanes(Lanes::Zero()));
            at = end;
        }
        if constexpr (withSignal)
            signal.flush(end - start, sums);
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

/// Whole groups of an even number of arrays of lanes, kLanes of them at a time.
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
            for (const std::size_t end = at + size; at < end; at += 2 * kLanes) {
                const Lanes a = load<type>(source + at * kBytesOf<type>);
                const Lanes b = load<type>(source + (at + kLanes) * kBytesOf<type>);
                group.add(a);
                group.add(b);
                if constexpr (withSignal) {
                    signal.add(a, b);
                    if ((at + 2 * kLanes) % kChunk == 0) {
                        signal.flush(kChunk, piece.sums);
                        signal = Signal();
                    }
                }
            }
            std::memcpy(room + k * sizeof(BitExtremes), &group, sizeof group);
        }
        if (batch < kLanes)
            std::memset(room + batch * sizeof(BitExtremes), 0, (kLanes - batch) * sizeof(BitExtremes));
        setGroups<type>(extremes, piece.groups + g, batch, source + start * kBytesOf<type>, size);
    }
    if constexpr (withSignal)
        signal.flush(piece.count % kChunk, piece.sums);
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
