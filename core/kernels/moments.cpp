// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Powers of weights, for mean, variance and kurtosis.
#include "core/kernels/lanes.h"

namespace qs::QS_LEVEL {

namespace {

// Fourth powers of larger ones overflow float lanes, those of smaller ones vanish.
constexpr float kNarrowLow = 0x1p-25F;
constexpr float kNarrowHigh = 0x1p25F;

void addExactly(const Lanes &d, MomentSums *sums)
{
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const auto value = static_cast<double>(d[static_cast<Eigen::Index>(lane)]);
        const double square = value * value;
        sums->power1 += value;
        sums->power2 += square;
        sums->power3 += square * value;
        sums->power4 += square * square;
    }
}

/// Float lanes of one chunk.
struct Powers {
    Lanes power1 = Lanes::Zero();
    Lanes power2 = Lanes::Zero();
    Lanes power3 = Lanes::Zero();
    Lanes power4 = Lanes::Zero();
    Lanes largest = Lanes::Zero();

    [[gnu::always_inline]] inline void add(const Lanes &d)
    {
        const Lanes square = d * d;
        power1 += d;
        power2 += square;
        power3 += square * d;
        power4 += square * square;
        largest = widest(largest, d);
    }
    void add(const Powers &other)
    {
        power1 += other.power1;
        power2 += other.power2;
        power3 += other.power3;
        power4 += other.power4;
        largest = largest.max(other.largest);
    }
};

/// Calls with the distances to the pivot, 0 for missing weights, and 0 or 1 by turns.
template <FloatType type, class Add>
[[gnu::always_inline]] inline void forEachDistance(const unsigned char *source, std::size_t size, float pivot, Add add)
{
    const std::size_t whole = size / kLanes * kLanes;
    std::size_t i = 0;
    for (; i + 2 * kLanes <= whole; i += 2 * kLanes) {
        add(Lanes(load<type>(source + i * kBytesOf<type>) - pivot), 0);
        add(Lanes(load<type>(source + (i + kLanes) * kBytesOf<type>) - pivot), 1);
    }
    for (; i < whole; i += kLanes)
        add(Lanes(load<type>(source + i * kBytesOf<type>) - pivot), 0);
    if (whole < size) {
        unsigned char bytes[kLanes * kBytesOf<type>] = {};
        std::memcpy(bytes, source + whole * kBytesOf<type>, (size - whole) * kBytesOf<type>);
        Lanes d = load<type>(bytes) - pivot;
        for (std::size_t lane = size - whole; lane < kLanes; ++lane)
            d[static_cast<Eigen::Index>(lane)] = 0;
        add(d, 1);
    }
}

template <FloatType type> void addMoments(const unsigned char *source, std::size_t count, MomentSums *sums)
{
    const auto pivot = static_cast<float>(sums->pivot);
    alignas(64) double lanes[4][kLanes] = {};
    for (std::size_t at = 0; at < count; at += kChunk) {
        const std::size_t size = smaller(kChunk, count - at);
        const unsigned char *chunk = source + at * kBytesOf<type>;
        Powers powers[2]; // by turns: two chains of additions hide their latency
        forEachDistance<type>(chunk, size, pivot, [&](const Lanes &d, int turn) { powers[turn].add(d); });
        powers[0].add(powers[1]);
        const float largest = largestOf(powers[0].largest);
        if (largest != 0 && !(largest >= kNarrowLow && largest <= kNarrowHigh)) {
            forEachDistance<type>(chunk, size, pivot, [&](const Lanes &d, int) { addExactly(d, sums); });
            continue;
        }
        addTo(lanes[0], powers[0].power1);
        addTo(lanes[1], powers[0].power2);
        addTo(lanes[2], powers[0].power3);
        addTo(lanes[3], powers[0].power4);
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sums->power1 += lanes[0][lane];
        sums->power2 += lanes[1][lane];
        sums->power3 += lanes[2][lane];
        sums->power4 += lanes[3][lane];
    }
    sums->count += count;
}

} // namespace

void moments(const void *x, FloatType type, std::size_t count, MomentSums *sums)
{
    const auto *source = static_cast<const unsigned char *>(x);
    switch (type) {
    case FloatType::F32:
        return addMoments<FloatType::F32>(source, count, sums);
    case FloatType::F16:
        return addMoments<FloatType::F16>(source, count, sums);
    case FloatType::BF16:
        return addMoments<FloatType::BF16>(source, count, sums);
    }
}

} // namespace qs::QS_LEVEL
