// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/error_metrics.h"

#include <algorithm>
#include <cmath>

namespace qs {

void AngleSums::add(const AngleSums &other)
{
    xx += other.xx;
    yy += other.yy;
    xy += other.xy;
    ee += other.ee;
    xe += other.xe;
}

AngleSums AngleSums::fromErrors(double signal, double error, double cross)
{
    return {signal, std::max(0.0, signal + 2 * cross + error), signal + cross, error, cross};
}

void ErrorSums::add(const ErrorSums &other)
{
    errorEnergy += other.errorEnergy;
    signalEnergy += other.signalEnergy;
    angle.add(other.angle);
    maxAbsError = std::max(maxAbsError, other.maxAbsError);
    count += other.count;
    nonZero += other.nonZero;
    zeroCodes += other.zeroCodes;
    clipped += other.clipped;
}

namespace {

/// 1 − x·y/(‖x‖‖y‖). Where the angle is small it follows from its sine: x·x y·y − (x·y)² = x·x e·e − (x·e)², of which
/// the form with the smaller energy cancels less.
double oneMinusCosine(const AngleSums &sums)
{
    if (sums.xx == 0 && sums.yy == 0)
        return 0;
    if (sums.xx == 0 || sums.yy == 0)
        return 1;
    const double cosine = sums.xy / (std::sqrt(sums.xx) * std::sqrt(sums.yy));
    if (cosine < 0.5)
        return std::min(2.0, 1 - cosine);
    // Divided by x·x, so that energies near the ends of double's range neither vanish nor overflow.
    const double left =
        sums.ee < sums.yy ? sums.ee - sums.xe * (sums.xe / sums.xx) : sums.yy - sums.xy * (sums.xy / sums.xx);
    return std::max(0.0, left / sums.yy) / (1 + cosine);
}

} // namespace

bool cancels(const AngleSums &sums)
{
    constexpr double kMostLost = 4; // sums of float lanes are good to 2e-7 and better
    const double left = sums.ee - sums.xe * (sums.xe / sums.xx);
    return sums.ee > 0 && sums.xx > 0 && (sums.ee > kMostLost * left || sums.xx > kMostLost * sums.yy);
}

Metrics metricsFrom(const ErrorSums &sums)
{
    Metrics metrics;
    const bool finite = std::isfinite(sums.errorEnergy) && std::isfinite(sums.signalEnergy) &&
                        std::isfinite(sums.angle.yy) && std::isfinite(sums.maxAbsError);
    if (sums.count == 0 || !finite)
        return metrics;
    const auto count = static_cast<double>(sums.count);
    metrics.exact = sums.errorEnergy == 0 && sums.maxAbsError == 0; // squares of differences may vanish
    metrics.mse = sums.errorEnergy / count;
    metrics.rmse = std::sqrt(*metrics.mse);
    metrics.maxAbsError = sums.maxAbsError;
    if (sums.signalEnergy > 0) {
        metrics.relativeError = std::sqrt(sums.errorEnergy / sums.signalEnergy);
        if (sums.errorEnergy > 0)
            metrics.sqnrDb = 10 * std::log10(sums.signalEnergy / sums.errorEnergy);
    }
    if (sums.nonZero > 0)
        metrics.zeroShare = static_cast<double>(sums.zeroCodes) / static_cast<double>(sums.nonZero);
    metrics.clippedShare = static_cast<double>(sums.clipped) / count;
    metrics.oneMinusCosine = oneMinusCosine(sums.angle);
    return metrics;
}

} // namespace qs
