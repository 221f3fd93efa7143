// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Error metrics of NUMERICS.md §3 from sums of energies.
#pragma once

#include <cstdint>
#include <optional>

namespace qs {

/// Sums over weights: x original, y dequantized, e = y − x. Added row by row in index order.
struct ErrorSums {
    double errorEnergy = 0;  ///< Σe²
    double signalEnergy = 0; ///< Σx²
    double energyGrowth = 0; ///< Σy² − Σx², without cancellation
    double maxAbsError = 0;
    std::uint64_t count = 0;
    std::uint64_t nonZero = 0;   ///< weights ≠ 0
    std::uint64_t zeroCodes = 0; ///< weights ≠ 0 whose code means 0
    std::uint64_t clipped = 0;   ///< codes that the clamp changed

    void add(const ErrorSums &other);
};

/// Values that do not exist are empty. `exact`: the error is zero, SQNR is infinite.
struct Metrics {
    bool exact = false;
    std::optional<double> sqnrDb;
    std::optional<double> relativeError; ///< 0…, empty when x = 0
    std::optional<double> mse;
    std::optional<double> rmse;
    std::optional<double> maxAbsError;
    std::optional<double> rmsePerScaleMedian;
    std::optional<double> rmsePerScaleMax;
    std::optional<double> zeroShare;    ///< 0..1
    std::optional<double> clippedShare; ///< 0..1
    std::optional<double> oneMinusCosine;
    std::optional<double> excessKurtosis;
};

/// All metrics that follow from the sums alone; rmsePerScale* and excessKurtosis stay empty. Sums that are not
/// finite give no metrics at all.
Metrics metricsFrom(const ErrorSums &sums);

} // namespace qs
