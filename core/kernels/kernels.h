// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The numeric inner loops, one table of functions per instruction set.
//
// Kernel sources are compiled once per x86-64 level and exchange nothing but the plain structs below, so that no inline
// function can reach a processor that lacks its instructions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace qs {

/// Sums of energies keep 16 lanes in a fixed order whatever the register width, so that every instruction set gives
/// the same bits. Weight k of a row belongs to lane k mod 16.
inline constexpr std::size_t kLanes = 16;
/// Float lanes are added to double lanes after this many weights; pieces of a row start at multiples of it.
inline constexpr std::size_t kFlushInterval = 1024;

/// Smallest and largest of some weights, and whether one of them is NaN or infinite (then the extremes mean nothing).
struct RangeSums {
    float min = 0;
    float max = 0;
    bool any = false; ///< min and max hold values of at least one weight
    bool nonFinite = false;
};

/// Powers of (x − pivot), for mean, variance and kurtosis.
struct MomentSums {
    double pivot = 0;
    double power1 = 0;
    double power2 = 0;
    double power3 = 0;
    double power4 = 0;
    std::uint64_t count = 0;
};

/// Error energies of one row; see ErrorSums in core/metrics for the meaning of the totals.
struct RowSums {
    double error[kLanes] = {};  ///< Σe²
    double signal[kLanes] = {}; ///< Σx²
    double growth[kLanes] = {}; ///< Σy² − Σx² = Σe(x + y), summed so that equal energies do not cancel
    double steps[kLanes] = {};  ///< Σ(e/scale)², only when scales are given
    double maxAbsError = 0;
    std::uint64_t nonZero = 0;
};

/// Scales of consecutive weights: weight i of a piece uses entry (phase + i) / groupSize.
struct ScaleRun {
    const float *scales = nullptr; ///< codes are formed with these
    const float *stored = nullptr; ///< values are formed with these
    const std::int8_t *zeroPoints = nullptr; ///< null: all zero
    std::size_t groupSize = 1;
    std::size_t phase = 0;
};

/// Codes and values of one piece of a row.
struct QuantizePiece {
    const float *x = nullptr;
    std::size_t count = 0;
    ScaleRun scale;
    int codeMin = -128;
    int codeMax = 127;
    std::int8_t *codes = nullptr;
    float *values = nullptr;       ///< (code − zero point) · stored scale, in float32
    std::uint64_t clipped = 0;     ///< out: codes that the clamp changed (added)
    std::uint64_t zeroCodes = 0;   ///< out: weights ≠ 0 whose code means 0 (added)
};

/// Error of values against the originals, for one piece of a row that starts at a multiple of kFlushInterval.
struct MeasurePiece {
    const float *x = nullptr;
    const float *y = nullptr;
    std::size_t count = 0;
    const ScaleRun *scale = nullptr; ///< null: `steps` is not summed
    bool wide = false; ///< sum in double throughout: rows whose largest |x| lies outside [2^-40, 2^40]
};

struct Kernels {
    const char *level; ///< "v2", "v3", "v4", "generic"

    void (*range)(const float *x, std::size_t count, RangeSums *sums);
    void (*moments)(const float *x, std::size_t count, MomentSums *sums);
    void (*quantize)(QuantizePiece *piece);
    void (*measure)(const MeasurePiece *piece, RowSums *sums);
    /// values[i] = (codes[i] − zero point) · stored scale.
    void (*dequantize)(const std::int8_t *codes, std::size_t count, const ScaleRun *scale, float *values);
    /// IEEE conversions, exact. Sources may be misaligned; little-endian.
    void (*fromF16)(const void *source, std::size_t count, float *values);
    void (*fromBf16)(const void *source, std::size_t count, float *values);
    void (*fromF64)(const void *source, std::size_t count, float *values);
    /// y[m][n] = Σk x[m][k] · w[n][k] for m in [0, rows); row-major with the given row strides; one thread.
    void (*product)(const float *x, std::size_t xStride, const float *w, std::size_t wStride, float *y,
                    std::size_t yStride, std::size_t rows, std::size_t outputs, std::size_t depth);
};

/// The table in use: the best level of this processor, or what QUANTOSCOPE_ISA asks for. Chosen once.
const Kernels &kernels();
/// Table of one level, or null when it was not built or the processor lacks it.
const Kernels *kernelsForLevel(const char *level);
/// Makes kernels() return `table` from now on (tests run every level in one process); null: choose anew.
void useKernels(const Kernels *table);
/// Why QUANTOSCOPE_ISA cannot be honoured, or null.
const char *kernelChoiceProblem();

} // namespace qs
