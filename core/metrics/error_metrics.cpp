// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/error_metrics.h"

#include <algorithm>
#include <cmath>

namespace qs {

void ErrorSums::add(const ErrorSums &other)
{
    errorEnergy += other.errorEnergy;
    signalEnergy += other.signalEnergy;
    energyGrowth += other.energyGrowth;
    maxAbsError = std::max(maxAbsError, other.maxAbsError);
    count += other.count;
    nonZero += other.nonZero;
    zeroCodes += other.zeroCodes;
    clipped += other.clipped;
}

namespace {

/// 1 − x·y/(‖x‖‖y‖) with x·y = (x·x + y·y − e·e)/2, arranged so that nearly equal energies do not cancel:
/// (e·e − (‖x‖ − ‖y‖)²) / (2‖x‖‖y‖).
double oneMinusCosine(const ErrorSums &sums)
{
    const double x = std::sqrt(sums.signalEnergy);
    const double y = std::sqrt(std::max(0.0, sums.signalEnergy + sums.energyGrowth));
    if (x == 0 && y == 0)
        return 0;
    if (x == 0 || y == 0)
        return 1;
    const double difference = sums.energyGrowth / (x + y);
    return std::max(0.0, (sums.errorEnergy - difference * difference) / (2 * x * y));
}

} // namespace

Metrics metricsFrom(const ErrorSums &sums)
{
    Metrics metrics;
    const bool finite = std::isfinite(sums.errorEnergy) && std::isfinite(sums.signalEnergy) &&
                        std::isfinite(sums.energyGrowth) && std::isfinite(sums.maxAbsError);
    if (sums.count == 0 || !finite)
        return metrics;
    const auto count = static_cast<double>(sums.count);
    metrics.exact = sums.errorEnergy == 0;
    metrics.mse = sums.errorEnergy / count;
    metrics.rmse = std::sqrt(*metrics.mse);
    metrics.maxAbsError = sums.maxAbsError;
    if (sums.signalEnergy > 0) {
        metrics.relativeError = std::sqrt(sums.errorEnergy / sums.signalEnergy);
        if (!metrics.exact)
            metrics.sqnrDb = 10 * std::log10(sums.signalEnergy / sums.errorEnergy);
    }
    if (sums.nonZero > 0)
        metrics.zeroShare = static_cast<double>(sums.zeroCodes) / static_cast<double>(sums.nonZero);
    metrics.clippedShare = static_cast<double>(sums.clipped) / count;
    metrics.oneMinusCosine = oneMinusCosine(sums);
    return metrics;
}

} // namespace qs
