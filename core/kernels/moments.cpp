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

/// Calls with the distances to the pivot, 0 for missing weights.
template <FloatType type, class Add>
void forEachDistance(const unsigned char *source, std::size_t size, float pivot, Add add)
{
    const std::size_t whole = size / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes)
        add(Lanes(load<type>(source + i * kBytesOf<type>) - pivot));
    if (whole < size) {
        unsigned char bytes[kLanes * kBytesOf<type>] = {};
        std::memcpy(bytes, source + whole * kBytesOf<type>, (size - whole) * kBytesOf<type>);
        Lanes d = load<type>(bytes) - pivot;
        for (std::size_t i = size - whole; i < kLanes; ++i)
            d[static_cast<Eigen::Index>(i)] = 0;
        add(d);
    }
}

template <FloatType type> void addMoments(const unsigned char *source, std::size_t count, MomentSums *sums)
{
    const auto pivot = static_cast<float>(sums->pivot);
    for (std::size_t at = 0; at < count; at += kChunk) {
        const std::size_t size = smaller(kChunk, count - at);
        const unsigned char *chunk = source + at * kBytesOf<type>;
        Lanes power1 = Lanes::Zero();
        Lanes power2 = Lanes::Zero();
        Lanes power3 = Lanes::Zero();
        Lanes power4 = Lanes::Zero();
        Lanes largest = Lanes::Zero();
        forEachDistance<type>(chunk, size, pivot, [&](const Lanes &d) {
            const Lanes square = d * d;
            power1 += d;
            power2 += square;
            power3 += square * d;
            power4 += square * square;
            largest = widest(largest, d);
        });
        const float size4 = largestOf(largest);
        if (size4 != 0 && !(size4 >= kNarrowLow && size4 <= kNarrowHigh)) {
            forEachDistance<type>(chunk, size, pivot, [&](const Lanes &d) { addExactly(d, sums); });
            continue;
        }
        for (Eigen::Index lane = 0; lane < static_cast<Eigen::Index>(kLanes); ++lane) {
            sums->power1 += static_cast<double>(power1[lane]);
            sums->power2 += static_cast<double>(power2[lane]);
            sums->power3 += static_cast<double>(power3[lane]);
            sums->power4 += static_cast<double>(power4[lane]);
        }
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
