// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PairSums: errors of numbers of any type, summed without rounding them first.
#pragma once

#include "core/metrics/error_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qs {

/// Sums over pairs of x original and y other number, e = y − x. Slow and exact: for f64, whole numbers up to 64 bits,
/// and for angles that cancel in other sums. Sums of blocks are added in index order.
struct PairSums {
    long double xx = 0;
    long double yy = 0;
    long double xy = 0;
    long double ee = 0;
    long double xe = 0;
    long double largest = 0; ///< |e|
    std::uint64_t count = 0;
    std::uint64_t nonZero = 0;
    bool finite = true;

    void add(long double x, long double y)
    {
        const long double e = y - x;
        finite = finite && std::isfinite(x) && std::isfinite(y);
        xx += x * x;
        yy += y * y;
        xy += x * y;
        ee += e * e;
        xe += x * e;
        largest = std::max(largest, std::abs(e));
        ++count;
        nonZero += x != 0;
    }
    void add(const PairSums &other)
    {
        xx += other.xx;
        yy += other.yy;
        xy += other.xy;
        ee += other.ee;
        xe += other.xe;
        largest = std::max(largest, other.largest);
        count += other.count;
        nonZero += other.nonZero;
        finite = finite && other.finite;
    }

    AngleSums angle() const
    {
        return {static_cast<double>(xx), static_cast<double>(yy), static_cast<double>(xy), static_cast<double>(ee),
                static_cast<double>(xe)};
    }
    ErrorSums errors() const
    {
        ErrorSums sums;
        sums.errorEnergy = static_cast<double>(ee);
        sums.signalEnergy = static_cast<double>(xx);
        sums.angle = angle();
        sums.maxAbsError = static_cast<double>(largest);
        if (largest > 0 && sums.maxAbsError == 0) // a difference that double cannot hold is still one
            sums.maxAbsError = std::numeric_limits<double>::denorm_min();
        sums.count = count;
        sums.nonZero = nonZero;
        return sums;
    }
};

} // namespace qs
