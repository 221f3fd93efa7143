// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The numeric inner loops, one table of functions per instruction set.
//
// Kernel sources are compiled once per x86-64 level and exchange nothing but the plain structs below, so that no inline
// function can reach a processor that lacks its instructions.
#pragma once

#include <cfloat>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace qs {

/// Sums of energies keep 16 lanes in a fixed order whatever the register width, so that every instruction set gives
/// the same bits. Weight k of a row belongs to lane k mod 16, and what weights k and k + 16 give is added to each other
/// before it is added to the lane, for k mod 32 below 16: two short chains of additions instead of a long one.
inline constexpr std::size_t kLanes = 16;
/// Float lanes are added to double lanes after this many weights; pieces of a row start at multiples of it.
inline constexpr std::size_t kFlushInterval = 1024;

/// Least extent of CodeRule::ExtentAway.
inline constexpr double kLeastExtent = 5e-7;

/// What source bytes hold: IEEE binary32, binary16, bfloat16; little-endian, at any address.
enum class FloatType : std::uint8_t { F32, F16, BF16 };

/// How a code is formed from a weight w, its coding scale s and zero point z. The reciprocal 1/s is rounded to float32
/// once; the quotient and the reciprocal of a scale of 0 count as 0. All arithmetic is float32 unless said otherwise;
/// clamp is to codeMin…codeMax; rint rounds halves to even.
enum class CodeRule : std::uint8_t {
    Divide,           ///< clamp(rint(w / s) + z), the quotient correctly rounded (gpt-fast, ONNX Runtime)
    Reciprocal,       ///< clamp(rint(w · (1/s)) + z) (torch.ao, torchao)
    DivideClampRound, ///< rint(clamp(w / s + z)), every operation rounded to `arithmetic` (compressed-tensors)
    ReciprocalAway,   ///< clamp(roundf(w · (1/s)) + z), halves away from zero (ggml Q8_0)
    ExtentAway,       ///< clamp(round(w / S)), S = max(s, 5e-7) / ((codeMax − codeMin) / 2) in double (TFLite)
    Truncate,         ///< clamp(trunc(w · (1/s) + (0.5 − codeMin)) + codeMin) (ggml Q4_0, Q5_0); s may be negative
    // From here on rules with offsets.
    OffsetTruncate, ///< clamp(trunc((w − offset) · (1/s) + 0.5) + codeMin) (ggml Q4_1, Q5_1)
    OffsetRint,     ///< clamp(rint(w · (1/s) + Z) + codeMin) with Z = −offset · (1/s) (HQQ)
    OffsetDivide,   ///< clamp(rint((w − offset) / s) + codeMin) (ggml Q4_K, Q5_K)
};

/// Type that each operation of CodeRule::DivideClampRound is rounded to.
enum class Arithmetic : std::uint8_t { F32, F16, BF16 };

/// All that turns scaled weights into codes.
struct Coding {
    CodeRule rule = CodeRule::Divide;
    Arithmetic arithmetic = Arithmetic::F32;
    int codeMin = -128;
    int codeMax = 127;

    /// Values are (code − codeMin) · stored + offset instead of (code − zero point) · stored.
    bool hasOffsets() const { return rule >= CodeRule::OffsetTruncate; }
};

/// How codes lie in memory.
enum class CodeLayout : std::uint8_t {
    Int8,
    Packed4, ///< two codes per byte in two's complement, the first in the low nibble; an odd last one with 0 above it
};

/// Smallest and largest of some weights: from ∞ to −∞ of none, from −∞ to ∞ where one is NaN or infinite.
struct RangeSums {
    float min = std::numeric_limits<float>::infinity();
    float max = -std::numeric_limits<float>::infinity();

    bool any() const { return min <= max; }
    bool finite() const { return min >= -FLT_MAX && max <= FLT_MAX; }
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

/// Error energies of one row: x original, y dequantized, e = y − x; see ErrorSums in core/metrics for the totals.
struct RowSums {
    double error[kLanes] = {};  ///< Σe²
    double signal[kLanes] = {}; ///< Σx²
    double cross[kLanes] = {};  ///< Σe·x; Σy² − Σx² = 2Σe·x + Σe², so that equal energies do not cancel
    double steps[kLanes] = {};  ///< Σ(e/scale)², only when scales are given
    double maxAbsError = 0;
    std::uint64_t nonZero = 0;
};

/// Scales of consecutive weights: weight i of a piece uses entry (phase + i) / groupSize.
struct ScaleRun {
    const float *scales = nullptr;           ///< codes are formed with these
    const float *stored = nullptr;           ///< values are formed with these
    const std::int8_t *zeroPoints = nullptr; ///< null: all zero
    const float *offsets = nullptr;          ///< null: none; else of rules with offsets, added to values
    std::size_t groupSize = 1;
    std::size_t phase = 0;
    const float *codeOffsets = nullptr; ///< null: `offsets`; else codes are formed with these
};

/// Extremes of the groups of one piece of a row.
struct RangePiece {
    const void *x = nullptr;
    FloatType type = FloatType::F32;
    std::size_t count = 0;
    std::size_t groupSize = 1; ///< weight i belongs to groups[(phase % groupSize + i) / groupSize]
    std::size_t phase = 0;
    RangeSums *groups = nullptr; ///< out
    /// Not null: `signal` and `nonZero` are summed too, as measure() does for rows that are not wide. The piece starts
    /// at a multiple of kFlushInterval then.
    RowSums *sums = nullptr;
};

/// Scales of units whose codes are to reach over [min, max] with zero in it.
struct ScalePiece {
    const RangeSums *ranges = nullptr; ///< finite
    std::size_t count = 0;
    float divisor = 1;  ///< of the largest magnitude, or with zero points of max − min
    float smallest = 0; ///< scales below it are raised to it
    float *scales = nullptr;
    std::int8_t *zeroPoints = nullptr; ///< clamp(codeMin − rint(min / scale)); null: symmetric
    int codeMin = -128;
    int codeMax = 127;
    std::uint64_t raised = 0; ///< out: number of raised scales (added)
};

/// Codes, values and errors of one piece of a row, which is read once. What is null is not formed; codes alone are
/// the fastest.
struct QuantizePiece {
    const void *x = nullptr;
    FloatType type = FloatType::F32;
    std::size_t count = 0;
    ScaleRun scale;
    Coding coding;
    const RangeSums *ranges = nullptr; ///< RangePiece::groups of the same weights, if known; makes it faster
    std::int8_t *codes = nullptr;      ///< laid out as `layout` says
    CodeLayout layout = CodeLayout::Int8;
    /// Codes pass the caches by: for targets larger than these that are not read again soon. Other threads see them
    /// after Kernels::finishStreaming().
    bool streaming = false;
    float *values = nullptr; ///< what the codes stand for, in float32

    RowSums *sums =
        nullptr; ///< added, to the bit what measure() gives; the piece starts at a multiple of kFlushInterval
    bool signalKnown = false;   ///< `signal` and `nonZero` are there already (RangePiece); not together with `wide`
    std::uint64_t zeros = 0;    ///< with signalKnown: how many of the weights are 0
    const void *next = nullptr; ///< as many weights again that are read next, if known; only prefetched
    bool wide = false;          ///< as in MeasurePiece

    bool counted = false;        ///< sum the two below; implied by `sums`
    std::uint64_t clipped = 0;   ///< out: codes that the clamp changed (added)
    std::uint64_t zeroCodes = 0; ///< out: weights ≠ 0 whose code means 0 (added)
};

/// Error of values against the originals, for one piece of a row that starts at a multiple of kFlushInterval.
struct MeasurePiece {
    const float *x = nullptr;
    const float *y = nullptr;
    std::size_t count = 0;
    const ScaleRun *scale = nullptr; ///< null: `steps` is not summed
    bool wide = false;               ///< sum in double throughout: rows whose largest |x| lies outside [2^-40, 2^40]
};

/// Σ|y − x|^exponent in the order of the weights, each operation rounded to `arithmetic`; what is 0 adds nothing.
struct PowerErrorPiece {
    const float *x = nullptr;
    const float *y = nullptr;
    std::size_t count = 0;
    double exponent = 1;
    Arithmetic arithmetic = Arithmetic::F32;
    double error = 0; ///< out (added)
};

/// Weights under one scale for a step of HQQ's optimisation (NUMERICS.md §2): codes c = clamp(rint(x · inverse + zero))
/// from 0 to the largest, d = x − (c − zero) / inverse, and its magnitude shrunken by a tenth of |d|^-0.3, down to 0:
/// d′.
struct ShrinkUnit {
    const float *x = nullptr;
    float inverse = 1;
    float zero = 0;
    double error = 0; ///< out: Σ|d|
    double codes = 0; ///< out: Σ(c − (x − d′) · inverse)
};

/// Counts in equal bins over [low, high], as Histogram in core/metrics.
struct HistogramPiece {
    const float *x = nullptr;
    std::size_t count = 0;
    double low = 0;
    double high = 1;
    std::uint64_t *counts = nullptr; ///< added
    std::size_t bins = 0;
    std::uint64_t below = 0; ///< out: smaller than low, or not a number (added)
    std::uint64_t above = 0; ///< out: larger than high (added)
};

// Products of network runs. Their scratch memory is the caller's.
inline constexpr std::size_t kProductRows =
    12; ///< rows of packed left factors are rounded up to a multiple of a divisor
inline constexpr std::size_t kProductColumns = 256; ///< of the right factor that are packed at a time
inline constexpr std::size_t kProductPanel = 256 * kProductColumns;

/// Floats that a packed left factor takes.
inline constexpr std::size_t packedFloats(std::size_t rows, std::size_t depth)
{
    return (rows + kProductRows - 1) / kProductRows * kProductRows * depth;
}

/// c[i][j] = Σk a[i][k] · b[k][j], added to what is there when `add`. Element (i, k) of a lies at i · aRow + k ·
/// aColumn, (k, j) of b at k · bRow + j · bColumn, (i, j) of c at i · cRow + j.
struct ProductPiece {
    const float *a = nullptr;
    std::size_t aRow = 0;
    std::size_t aColumn = 1;
    const float *b = nullptr;
    std::size_t bRow = 0;
    std::size_t bColumn = 1;
    float *c = nullptr;
    std::size_t cRow = 0;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t depth = 0;
    bool add = false;

    /// Floats of scratch memory.
    std::size_t scratch() const { return packedFloats(rows, depth) + kProductPanel; }
};

/// Output positions [position, position + positions), row after row, of a convolution over an image whose rows are
/// padded already and split by their place modulo stepAcross: pixel x of a row is number x / stepAcross of part
/// x % stepAcross.
struct ConvolutionPiece {
    const float *filters = nullptr; ///< of packFilters()
    const float *bias = nullptr;    ///< one per filter; null: none
    const float *image = nullptr;
    std::size_t imageChannel = 0; ///< floats from one to the next
    std::size_t imageRow = 0;
    std::size_t imagePhase = 0;
    std::size_t channels = 0;
    std::size_t kernelHeight = 1;
    std::size_t kernelWidth = 1;
    std::size_t stepDown = 1;
    std::size_t stepAcross = 1;
    std::size_t dilationDown = 1;
    std::size_t dilationAcross = 1;
    std::size_t outWidth = 0;
    std::size_t position = 0;
    std::size_t positions = 0;
    std::size_t rows = 0; ///< filters
    float *y = nullptr;   ///< position 0 of the first filter
    std::size_t yRow = 0; ///< floats from one filter to the next
    bool add = false;     ///< to what is there; the bias does not count then
};

/// Functions of one variable that are computed with polynomials, to about one unit in the last place of their largest
/// intermediate value.
enum class Transform : std::uint8_t {
    Exp,
    Log,
    Tanh,
    Sigmoid,
    Erf,
    Gelu,     ///< x/2 · (1 + erf(x/√2))
    GeluTanh, ///< x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))
    Swish,    ///< x / (1 + exp(−parameter · x))
};

struct Kernels {
    const char *level; ///< "v2", "v3", "v4", "generic"

    void (*ranges)(const RangePiece *piece);
    void (*scales)(ScalePiece *piece);
    /// The pivot is taken as float32; relative errors of the sums of powers stay below 1e-6.
    void (*moments)(const void *x, FloatType type, std::size_t count, MomentSums *sums);
    void (*quantize)(QuantizePiece *piece);
    void (*finishStreaming)();
    void (*measure)(const MeasurePiece *piece, RowSums *sums);
    /// values[i] = what codes[i] stands for, see Coding.
    void (*dequantize)(const std::int8_t *codes, std::size_t count, const ScaleRun *scale, int codeMin, float *values);
    void (*histogram)(HistogramPiece *piece);
    /// Sums of range searches; the same bits on every machine.
    void (*powerError)(PowerErrorPiece *piece);
    /// For `count` units of `size` weights each.
    void (*shrink)(ShrinkUnit *units, std::size_t count, std::size_t size, float largestCode);
    /// IEEE conversions, exact. Sources may be misaligned; little-endian.
    void (*fromF16)(const void *source, std::size_t count, float *values);
    void (*fromBf16)(const void *source, std::size_t count, float *values);
    void (*fromF64)(const void *source, std::size_t count, float *values);
    /// y[m][n] = Σk x[m][k] · w[n][k] for m in [0, rows); row-major with the given row strides; one thread.
    void (*product)(const float *x, std::size_t xStride, const float *w, std::size_t wStride, float *y,
                    std::size_t yStride, std::size_t rows, std::size_t outputs, std::size_t depth);
    /// `scratch` has piece->scratch() floats.
    void (*multiply)(const ProductPiece *piece, float *scratch);
    /// Filters [filters, depth] in the order in which convolve() reads them; packedFloats(filters, depth) floats.
    void (*packFilters)(const float *weights, std::size_t filters, std::size_t depth, float *packed);
    /// `scratch` has kProductPanel floats.
    void (*convolve)(const ConvolutionPiece *piece, float *scratch);
    /// One channel, one filter of the plain weights; all positions. Reads up to kLanes floats beyond the image.
    void (*convolveDepthwise)(const ConvolutionPiece *piece, const float *weights);
    /// y may be x. NaN stays NaN.
    void (*transform)(Transform kind, const float *x, std::size_t count, float parameter, float *y);
    /// exp(x) / Σ exp(x) of one row, or its logarithm. All NaN when one is NaN or ∞, or all are −∞. y may not be x.
    void (*softmax)(const float *x, std::size_t count, bool logarithm, float *y);

    /// Extremes of `count` float32 weights.
    void range(const float *x, std::size_t count, RangeSums *sums) const
    {
        const RangePiece piece{x, FloatType::F32, count, count + 1, 0, sums, nullptr};
        ranges(&piece);
    }
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
