// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel sources of one instruction set share. Included by kernel sources only.
//
// They are compiled once per level with QS_LEVEL and a renamed Eigen namespace, include no other project header than
// kernels.h and no standard container: every symbol that they define must lie in the level's own namespaces (checked by
// tests/checks/tst_symbols).
#pragma once

#include "core/kernels/kernels.h"

#include <Eigen/Core>
#include <cmath>
#include <cstring>

#define QS_STRING_(x) #x
#define QS_STRING(x) QS_STRING_(x)

namespace qs::QS_LEVEL {

// The entries of the table, one family per source.
void ranges(const RangePiece *piece);
void scales(ScalePiece *piece);
void moments(const void *x, FloatType type, std::size_t count, MomentSums *sums);
void quantize(QuantizePiece *piece);
void finishStreaming();
void measure(const MeasurePiece *piece, RowSums *sums);
void dequantize(const std::int8_t *codes, std::size_t count, const ScaleRun *scale, int codeMin, float *values);
void histogram(HistogramPiece *piece);
void powerError(PowerErrorPiece *piece);
void shrink(ShrinkUnit *units, std::size_t count, std::size_t size, float largestCode);
void fromF16(const void *source, std::size_t count, float *values);
void fromBf16(const void *source, std::size_t count, float *values);
void fromF64(const void *source, std::size_t count, float *values);
void product(const float *x, std::size_t xStride, const float *w, std::size_t wStride, float *y, std::size_t yStride,
             std::size_t rows, std::size_t outputs, std::size_t depth);
void multiply(const ProductPiece *piece, float *scratch);
void packFilters(const float *weights, std::size_t filters, std::size_t depth, float *packed);
void convolve(const ConvolutionPiece *piece, float *scratch);
void convolveDepthwise(const ConvolutionPiece *piece, const float *weights);
void transform(Transform kind, const float *x, std::size_t count, float parameter, float *y);
void softmax(const float *x, std::size_t count, bool logarithm, float *y);

// Between sources.
void toFloats(const unsigned char *source, FloatType type, std::size_t count, float *values);
/// Adds `signal` and `nonZero` of weights that start at a multiple of kFlushInterval.
void addSignal(const unsigned char *x, FloatType type, std::size_t count, RowSums *sums);
/// measure() of a piece that is not wide, at most kChunk weights, without `signal` and `nonZero`; returns how many of x
/// are 0.
std::uint64_t measureErrors(const MeasurePiece &piece, RowSums *sums);

/// Pieces are worked on in chunks of this size so that temporaries stay in the first-level cache.
inline constexpr std::size_t kChunk = kFlushInterval;

namespace { // each source has its own copy, so that nothing is shared with another level

inline std::size_t smaller(std::size_t a, std::size_t b)
{
    return a < b ? a : b;
}

inline std::size_t bytesOf(FloatType type)
{
    return type == FloatType::F32 ? 4 : 2;
}

/// One entry of a ScaleRun.
struct ScaleEntry {
    float scale;
    float inverse; ///< float32 1/scale; 0 for a scale of 0
    float stored;
    float zeroPoint;
    float offset;     ///< of values
    float codeOffset; ///< of codes
};

/// Number of weights of a piece that share an entry with weight `at`, counted from `at`.
inline std::size_t sameScale(const ScaleRun &run, std::size_t at, std::size_t count)
{
    return smaller(run.groupSize - (run.phase + at) % run.groupSize, count - at);
}

inline ScaleEntry entryOf(const ScaleRun &run, std::size_t entry)
{
    const float scale = run.scales ? run.scales[entry] : 1.0F;
    return {scale,
            scale == 0 ? 0.0F : 1.0F / scale,
            run.stored[entry],
            run.zeroPoints ? static_cast<float>(run.zeroPoints[entry]) : 0.0F,
            run.offsets ? run.offsets[entry] : 0.0F,
            run.codeOffsets ? run.codeOffsets[entry]
            : run.offsets   ? run.offsets[entry]
                            : 0.0F};
}

inline ScaleEntry scaleAt(const ScaleRun &run, std::size_t at)
{
    return entryOf(run, (run.phase + at) / run.groupSize);
}

/// Calls use(begin, size, entry) for all that share an entry among weights [at, at + size) of a piece; begin counts
/// from `at`. Divides once, which takes as long as the codes of a small group.
template <class Use>
[[gnu::always_inline]] inline void forEachEntry(const ScaleRun &run, std::size_t at, std::size_t size, Use use)
{
    std::size_t entry = (run.phase + at) / run.groupSize;
    std::size_t left = run.groupSize - (run.phase + at - entry * run.groupSize);
    for (std::size_t begin = 0; begin < size; ++entry) {
        const std::size_t same = smaller(left, size - begin);
        use(begin, same, entry);
        begin += same;
        left = run.groupSize;
    }
}

} // namespace

} // namespace qs::QS_LEVEL
