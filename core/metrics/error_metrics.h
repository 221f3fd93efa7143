// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Error metrics of NUMERICS.md §3 from sums of energies.
#pragma once

#include <cstdint>
#include <optional>

namespace qs {

/// What the angle between x and y follows from, e = y − x. One of these sums follows from others, but not without
/// cancellation.
struct AngleSums {
    double xx = 0;
    double yy = 0;
    double xy = 0;
    double ee = 0;
    double xe = 0;

    void add(const AngleSums &other);
    /// Sums of energies from float lanes: Σx², Σe² and Σx·e.
    static AngleSums fromErrors(double signal, double error, double cross);
};

/// Sums over weights: x original, y dequantized, e = y − x. Added row by row in index order.
struct ErrorSums {
    double errorEnergy = 0;  ///< Σe²
    double signalEnergy = 0; ///< Σx²
    AngleSums angle;         ///< of the same weights, perhaps summed with more digits
    double maxAbsError = 0;
    std::uint64_t count = 0;
    std::uint64_t nonZero = 0;   ///< weights ≠ 0
    std::uint64_t zeroCodes = 0; ///< weights ≠ 0 whose code means 0
    std::uint64_t clipped = 0;   ///< codes that the clamp changed

    void add(const ErrorSums &other);
};

/// True where x and y differ almost by a factor only, or y is much smaller than x: sums from float lanes cancel then,
/// and only those of PairSums give 1 − cosine to 1e-6.
bool cancels(const AngleSums &sums);

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
