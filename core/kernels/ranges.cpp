// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Extremes and moments of weights.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

namespace {

using DoubleLanes = Eigen::Array<double, kLanes, 1>;

} // namespace

void ranges(const RangePiece *piece)
{
    const auto *bytes = static_cast<const unsigned char *>(piece->x);
    const std::size_t element = piece->type == FloatType::F32 ? 4 : 2;
    const std::size_t phase = piece->phase % piece->groupSize;
    float lanes[kLanes] = {};
    for (std::size_t at = 0; at < piece->count;) {
        alignas(64) float x[kChunk];
        std::size_t size = smaller(kChunk - at % kChunk, piece->count - at);
        const std::size_t left = piece->groupSize - (phase + at) % piece->groupSize;
        size = smaller(size, left);
        if (piece->type == FloatType::F32)
            std::memcpy(x, bytes + at * element, size * element);
        else
            (piece->type == FloatType::F16 ? fromF16 : fromBf16)(bytes + at * element, size, x);
        RangeSums &group = piece->groups[(phase + at) / piece->groupSize];
        std::uint64_t nonZero = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const float value = x[i] + 0.0F; // −0 becomes 0, whichever of the two the order of comparison would keep
            group.nonFinite = group.nonFinite || !(value - value == 0);
            group.min = !group.any || value < group.min ? value : group.min;
            group.max = !group.any || value > group.max ? value : group.max;
            group.any = true;
            nonZero += value != 0.0F;
            lanes[(at + i) % kLanes] += value * value;
        }
        at += size;
        if (piece->sums) {
            piece->sums->nonZero += nonZero;
            if (at % kChunk == 0 || at == piece->count) {
                for (std::size_t lane = 0; lane < kLanes; ++lane)
                    piece->sums->signal[lane] += static_cast<double>(lanes[lane]);
                std::memset(lanes, 0, sizeof lanes);
            }
        }
    }
}

void moments(const float *x, std::size_t count, MomentSums *sums)
{
    DoubleLanes p1 = DoubleLanes::Zero();
    DoubleLanes p2 = DoubleLanes::Zero();
    DoubleLanes p3 = DoubleLanes::Zero();
    DoubleLanes p4 = DoubleLanes::Zero();
    const double pivot = sums->pivot;
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        DoubleLanes d;
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            d[static_cast<Eigen::Index>(lane)] = static_cast<double>(x[i + lane]) - pivot;
        const DoubleLanes square = d * d;
        p1 += d;
        p2 += square;
        p3 += square * d;
        p4 += square * square;
    }
    for (; i < count; ++i) {
        const double d = static_cast<double>(x[i]) - pivot;
        const auto lane = static_cast<Eigen::Index>(i % kLanes);
        p1[lane] += d;
        p2[lane] += d * d;
        p3[lane] += d * d * d;
        p4[lane] += (d * d) * (d * d);
    }
    for (Eigen::Index lane = 0; lane < static_cast<Eigen::Index>(kLanes); ++lane) {
        sums->power1 += p1[lane];
        sums->power2 += p2[lane];
        sums->power3 += p3[lane];
        sums->power4 += p4[lane];
    }
    sums->count += count;
}

} // namespace qs::QS_LEVEL
