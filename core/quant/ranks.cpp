// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/ranks.h"

#include "core/kernels/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace qs {
namespace {

constexpr std::size_t kPart = 32; // weights whose extremes are found together

/// Of magnitudes, and of weights with their sign.
struct Magnitude {
    static float of(float weight) { return std::fabs(weight); }
    static float largest(const RangeSums &part) { return std::max(-part.min, part.max); }
};
struct Upwards {
    static float of(float weight) { return weight; }
    static float largest(const RangeSums &part) { return part.max; }
};
struct Downwards {
    static float of(float weight) { return -weight; }
    static float largest(const RangeSums &part) { return -part.min; }
};

/// The number of rank `fromTop` among Order::of() the weights, 1: the largest.
///
/// The bound is the largest of the parts' extremes of that rank: as many weights at least are not below it, so
/// the number looked for is not either, and parts whose extreme is below have none that counts.
template <class Order> float ofRankFromTop(std::span<const float> weights, std::uint64_t fromTop)
{
    thread_local std::vector<RangeSums> parts;
    thread_local std::vector<float> left;
    const auto best = [](std::uint64_t rank) {
        const auto at = left.begin() + static_cast<std::ptrdiff_t>(rank - 1);
        std::nth_element(left.begin(), at, left.end(), std::greater<>());
        return *at;
    };
    left.clear();
    const std::size_t count = (weights.size() + kPart - 1) / kPart;
    if (fromTop * 4 > count) {
        for (const float weight : weights)
            left.push_back(Order::of(weight));
        return best(fromTop);
    }
    parts.resize(count);
    const RangePiece piece{weights.data(), FloatType::F32, weights.size(), kPart, 0, parts.data(), nullptr};
    kernels().ranges(&piece);
    for (const RangeSums &part : parts)
        left.push_back(Order::largest(part));
    const float bound = best(fromTop);
    left.clear();
    for (std::size_t i = 0; i < count; ++i) {
        if (Order::largest(parts[i]) < bound)
            continue;
        for (const float weight : weights.subspan(i * kPart, std::min(kPart, weights.size() - i * kPart)))
            if (Order::of(weight) >= bound)
                left.push_back(Order::of(weight));
    }
    return best(fromTop);
}

/// Counts by the upper bits, then sorts only those that share them: no branch depends on the values.
float magnitudeByCounting(std::span<const float> values, std::uint64_t rank)
{
    constexpr std::size_t kTables = 4; // equal neighbours do not wait for each other
    const unsigned shift = values.size() > 100'000 ? 16 : 20;
    const std::size_t bins = std::size_t{1} << (31U - shift);
    thread_local std::vector<std::uint32_t> counts;
    counts.assign(kTables * bins, 0);
    const auto bitsOf = [](float value) { return std::bit_cast<std::uint32_t>(value) & 0x7fffffffU; };
    for (std::size_t i = 0; i < values.size(); ++i)
        ++counts[i % kTables * bins + (bitsOf(values[i]) >> shift)];
    std::uint64_t left = rank - 1;
    std::size_t bin = 0;
    std::uint64_t here = 0;
    for (;; ++bin) {
        here = 0;
        for (std::size_t table = 0; table < kTables; ++table)
            here += counts[table * bins + bin];
        if (left < here)
            break;
        left -= here;
    }
    thread_local std::vector<std::uint32_t> rest;
    rest.resize(here + 1);
    std::size_t kept = 0;
    for (const float value : values) {
        rest[kept] = bitsOf(value);
        kept += static_cast<std::size_t>(rest[kept] >> shift == bin);
    }
    const auto at = rest.begin() + static_cast<std::ptrdiff_t>(left);
    std::nth_element(rest.begin(), at, rest.begin() + static_cast<std::ptrdiff_t>(kept));
    return std::bit_cast<float>(*at);
}

constexpr std::size_t kFew = 1024; // numbers that are sorted sooner than counted

} // namespace

float lowOfRank(std::span<const float> weights, std::uint64_t rank)
{
    return -ofRankFromTop<Downwards>(weights, rank);
}

float highOfRank(std::span<const float> weights, std::uint64_t rank)
{
    return ofRankFromTop<Upwards>(weights, weights.size() - rank + 1);
}

float magnitudeOfRank(std::span<const float> weights, std::uint64_t rank)
{
    const std::uint64_t fromTop = weights.size() - rank + 1;
    if (weights.size() >= kFew && fromTop * 4 * kPart > weights.size())
        return magnitudeByCounting(weights, rank);
    return ofRankFromTop<Magnitude>(weights, fromTop);
}

float medianOf(std::vector<float> &values)
{
    const std::size_t rank = (values.size() - 1) / 2;
    if (values.size() >= kFew)
        return magnitudeByCounting(values, rank + 1);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace qs
