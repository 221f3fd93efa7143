// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sums of products in double, in a fixed order whatever the machine.
#pragma once

#include <array>
#include <cstddef>

namespace qs {

/// Σ a[i]·b[i], in eight partial sums that compilers may keep in vectors.
inline double dotProduct(const double *a, const double *b, std::size_t count)
{
    constexpr std::size_t kSums = 8;
    std::array<double, kSums> sums{};
    std::size_t i = 0;
    for (; i + kSums <= count; i += kSums)
        for (std::size_t lane = 0; lane < kSums; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    for (std::size_t lane = 0; i < count; ++i, ++lane)
        sums[lane] += a[i] * b[i];
    return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

/// to[i] += factor·from[i].
inline void addScaled(double factor, const double *from, double *to, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] += factor * from[i];
}

/// Row i of a lower triangle that is stored row by row.
inline std::size_t triangleRow(std::size_t i)
{
    return i * (i + 1) / 2;
}

} // namespace qs
