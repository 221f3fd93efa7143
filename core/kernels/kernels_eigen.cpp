// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Kernel bodies on Eigen arrays; compiled once per instruction set with QS_LEVEL and a renamed Eigen namespace.
//
// Includes no other project header than kernels.h and no standard container: every symbol defined here must lie in
// the level's own namespaces (checked by tests/checks/symbols).
#include "core/kernels/kernels.h"

#include <Eigen/Core>
#include <algorithm>
#include <cstring>

#define QS_STRING_(x) #x
#define QS_STRING(x) QS_STRING_(x)

namespace qs::QS_LEVEL {

namespace {

using Lanes = Eigen::Array<float, kLanes, 1>;
using DoubleLanes = Eigen::Array<double, kLanes, 1>;
using FloatMap = Eigen::Map<Eigen::ArrayXf>;
using ConstFloatMap = Eigen::Map<const Eigen::ArrayXf>;

// Pieces are worked on in chunks of this size so that temporaries stay in the first-level cache.
constexpr std::size_t kChunk = kFlushInterval;

void range(const float *x, std::size_t count, RangeSums *sums)
{
    // One integer maximum over the magnitudes finds NaN and infinity without asking for an order of floats.
    std::int32_t magnitude = 0;
    float low = sums->any ? sums->min : (count > 0 ? x[0] : 0.0F);
    float high = sums->any ? sums->max : low;
    for (std::size_t start = 0; start < count; start += kChunk) {
        const std::size_t size = count - start < kChunk ? count - start : kChunk;
        const ConstFloatMap values(x + start, static_cast<Eigen::Index>(size));
        low = std::min(low, values.minCoeff());
        high = std::max(high, values.maxCoeff());
        std::int32_t bits[kChunk];
        std::memcpy(bits, x + start, size * sizeof(float));
        for (std::size_t i = 0; i < size; ++i) {
            const std::int32_t b = bits[i] & 0x7fffffff;
            magnitude = magnitude > b ? magnitude : b;
        }
    }
    if (count > 0) {
        sums->min = low + 0.0F; // −0 becomes 0, whichever of the two the order of comparison kept
        sums->max = high + 0.0F;
        sums->any = true;
    }
    sums->nonFinite = sums->nonFinite || magnitude >= 0x7f800000;
}

void moments(const float *x, std::size_t count, MomentSums *sums)
{
    DoubleLanes p1 = DoubleLanes::Zero();
    DoubleLanes p2 = DoubleLanes::Zero();
    DoubleLanes p3 = DoubleLanes::Zero();
    DoubleLanes p4 = DoubleLanes::Zero();
    const double pivot = sums->pivot;
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        DoubleLanes d;
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            d[static_cast<Eigen::Index>(lane)] = static_cast<double>(x[i + lane]) - pivot;
        const DoubleLanes square = d * d;
        p1 += d;
        p2 += square;
        p3 += square * d;
        p4 += square * square;
    }
    for (; i < count; ++i) {
        const double d = static_cast<double>(x[i]) - pivot;
        const auto lane = static_cast<Eigen::Index>(i % kLanes);
        p1[lane] += d;
        p2[lane] += d * d;
        p3[lane] += d * d * d;
        p4[lane] += (d * d) * (d * d);
    }
    for (Eigen::Index lane = 0; lane < static_cast<Eigen::Index>(kLanes); ++lane) {
        sums->power1 += p1[lane];
        sums->power2 += p2[lane];
        sums->power3 += p3[lane];
        sums->power4 += p4[lane];
    }
    sums->count += count;
}

/// Number of elements of a ScaleRun that share an entry with element `at`, counted from `at`.
std::size_t sameScale(const ScaleRun &run, std::size_t at, std::size_t count)
{
    const std::size_t left = run.groupSize - (run.phase + at) % run.groupSize;
    return left < count - at ? left : count - at;
}

struct ChunkScale {
    float scale;
    float stored;
    float zeroPoint;
};

ChunkScale scaleAt(const ScaleRun &run, std::size_t at)
{
    const std::size_t entry = (run.phase + at) / run.groupSize;
    return {run.scales ? run.scales[entry] : 1.0F, run.stored[entry],
            run.zeroPoints ? static_cast<float>(run.zeroPoints[entry]) : 0.0F};
}

/// Codes and values of up to kChunk weights under one scale.
void quantizeChunk(const float *x, std::size_t size, const ChunkScale &with, QuantizePiece *piece, std::size_t at)
{
    const auto n = static_cast<Eigen::Index>(size);
    alignas(64) float rounded[kChunk];
    alignas(64) float clamped[kChunk];
    FloatMap r(rounded, n);
    FloatMap c(clamped, n);
    // A true division and rint (halves to even): the product with a reciprocal would change codes.
    r = (ConstFloatMap(x, n) / with.scale).rint() + with.zeroPoint;
    c = r.max(static_cast<float>(piece->codeMin)).min(static_cast<float>(piece->codeMax));

    std::int8_t *codes = piece->codes + at;
    float *values = piece->values + at;
    const float stored = with.stored;
    const float zeroPoint = with.zeroPoint;
    std::uint32_t clipped = 0;
    std::uint32_t meansZero = 0;
    std::uint32_t zeros = 0;
    for (std::size_t i = 0; i < size; ++i) {
        codes[i] = static_cast<std::int8_t>(static_cast<std::int32_t>(clamped[i]));
        values[i] = (clamped[i] - zeroPoint) * stored;
        clipped += rounded[i] != clamped[i];
        meansZero += clamped[i] == zeroPoint;
        zeros += x[i] == 0.0F;
    }
    piece->clipped += clipped;
    piece->zeroCodes += meansZero - zeros; // a weight of zero always gets the zero point
}

void quantize(QuantizePiece *piece)
{
    for (std::size_t at = 0; at < piece->count;) {
        std::size_t size = sameScale(piece->scale, at, piece->count);
        size = size < kChunk ? size : kChunk;
        quantizeChunk(piece->x + at, size, scaleAt(piece->scale, at), piece, at);
        at += size;
    }
}

void dequantize(const std::int8_t *codes, std::size_t count, const ScaleRun *scale, float *values)
{
    for (std::size_t at = 0; at < count;) {
        const std::size_t size = sameScale(*scale, at, count);
        const ChunkScale with = scaleAt(*scale, at);
        for (std::size_t i = at; i < at + size; ++i)
            values[i] = (static_cast<float>(codes[i]) - with.zeroPoint) * with.stored;
        at += size;
    }
}

/// Fills `inverse` with 1 / stored scale for the weights [at, at + size); 0 where the stored scale is 0.
void inverseScales(const ScaleRun &run, std::size_t at, std::size_t size, std::size_t count, float *inverse)
{
    for (std::size_t i = 0; i < size;) {
        std::size_t same = sameScale(run, at + i, count);
        same = same < size - i ? same : size - i;
        const float stored = scaleAt(run, at + i).stored;
        const float value = stored > 0 ? 1.0F / stored : 0.0F;
        for (std::size_t k = i; k < i + same; ++k)
            inverse[k] = value;
        i += same;
    }
}

/// One chunk of at most kFlushInterval weights in float lanes, flushed to the double lanes at its end.
void measureChunk(const MeasurePiece &piece, std::size_t at, std::size_t size, RowSums *sums)
{
    Lanes error = Lanes::Zero();
    Lanes signal = Lanes::Zero();
    Lanes growth = Lanes::Zero();
    Lanes steps = Lanes::Zero();
    Lanes largest = Lanes::Zero();
    alignas(64) float inverse[kChunk];
    if (piece.scale)
        inverseScales(*piece.scale, at, size, piece.count, inverse);
    const float *x = piece.x + at;
    const float *y = piece.y + at;
    for (std::size_t i = 0; i < size; i += kLanes) {
        Lanes xs;
        Lanes ys;
        Lanes inv = Lanes::Zero();
        if (i + kLanes <= size) {
            xs = Eigen::Map<const Lanes>(x + i);
            ys = Eigen::Map<const Lanes>(y + i);
            if (piece.scale)
                inv = Eigen::Map<const Lanes>(inverse + i);
        } else { // missing lanes add nothing
            xs.setZero();
            ys.setZero();
            std::memcpy(xs.data(), x + i, (size - i) * sizeof(float));
            std::memcpy(ys.data(), y + i, (size - i) * sizeof(float));
            if (piece.scale)
                std::memcpy(inv.data(), inverse + i, (size - i) * sizeof(float));
        }
        const Lanes e = ys - xs;
        error += e * e;
        signal += xs * xs;
        growth += e * (xs + ys);
        largest = largest.max(e.abs());
        if (piece.scale) {
            const Lanes step = e * inv;
            steps += step * step;
        }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const auto l = static_cast<Eigen::Index>(lane);
        sums->error[lane] += static_cast<double>(error[l]);
        sums->signal[lane] += static_cast<double>(signal[l]);
        sums->growth[lane] += static_cast<double>(growth[l]);
        sums->steps[lane] += static_cast<double>(steps[l]);
        const auto value = static_cast<double>(largest[l]);
        sums->maxAbsError = sums->maxAbsError > value ? sums->maxAbsError : value;
    }
}

/// The same order of additions in double, for rows whose squares would overflow or vanish in float.
void measureWide(const MeasurePiece &piece, RowSums *sums)
{
    for (std::size_t i = 0; i < piece.count; ++i) {
        const std::size_t lane = i % kLanes;
        const auto x = static_cast<double>(piece.x[i]);
        const auto y = static_cast<double>(piece.y[i]);
        const double e = y - x;
        const double size = e < 0 ? -e : e;
        sums->error[lane] += e * e;
        sums->signal[lane] += x * x;
        sums->growth[lane] += e * (x + y);
        sums->maxAbsError = sums->maxAbsError > size ? sums->maxAbsError : size;
        if (piece.scale) {
            const auto stored = static_cast<double>(scaleAt(*piece.scale, i).stored);
            const double step = stored > 0 ? e / stored : 0.0;
            sums->steps[lane] += step * step;
        }
    }
}

void measure(const MeasurePiece *piece, RowSums *sums)
{
    std::uint64_t nonZero = 0;
    for (std::size_t i = 0; i < piece->count; ++i)
        nonZero += piece->x[i] != 0.0F;
    sums->nonZero += nonZero;
    if (piece->wide) {
        measureWide(*piece, sums);
        return;
    }
    for (std::size_t at = 0; at < piece->count; at += kChunk)
        measureChunk(*piece, at, piece->count - at < kChunk ? piece->count - at : kChunk, sums);
}

void fromBf16(const void *source, std::size_t count, float *values)
{
    const auto *bytes = static_cast<const unsigned char *>(source);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, bytes + 2 * i, sizeof half);
        const std::uint32_t bits = static_cast<std::uint32_t>(half) << 16;
        std::memcpy(values + i, &bits, sizeof bits);
    }
}

void fromF16(const void *source, std::size_t count, float *values)
{
    // Shift exponent and mantissa into place and multiply by 2^112, which rebiases normal numbers and normalises
    // subnormal ones exactly; infinity and NaN keep their all-ones exponent.
    const auto *bytes = static_cast<const unsigned char *>(source);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, bytes + 2 * i, sizeof half);
        const std::uint32_t magnitude = static_cast<std::uint32_t>(half & 0x7fffU) << 13;
        float scaled = 0;
        std::memcpy(&scaled, &magnitude, sizeof scaled);
        scaled *= 0x1p112F;
        std::uint32_t bits = 0;
        std::memcpy(&bits, &scaled, sizeof bits);
        bits = (half & 0x7c00U) == 0x7c00U ? (magnitude | 0x7f800000U) : bits;
        bits |= static_cast<std::uint32_t>(half & 0x8000U) << 16;
        std::memcpy(values + i, &bits, sizeof bits);
    }
}

void fromF64(const void *source, std::size_t count, float *values)
{
    const auto *bytes = static_cast<const unsigned char *>(source);
    for (std::size_t i = 0; i < count; ++i) {
        double value = 0;
        std::memcpy(&value, bytes + 8 * i, sizeof value);
        values[i] = static_cast<float>(value);
    }
}

void product(const float *x, std::size_t xStride, const float *w, std::size_t wStride, float *y, std::size_t yStride,
             std::size_t rows, std::size_t outputs, std::size_t depth)
{
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Stride = Eigen::OuterStride<>;
    const auto index = [](std::size_t value) { return static_cast<Eigen::Index>(value); };
    const Eigen::Map<const Matrix, 0, Stride> a(x, index(rows), index(depth), Stride(index(xStride)));
    const Eigen::Map<const Matrix, 0, Stride> b(w, index(outputs), index(depth), Stride(index(wStride)));
    Eigen::Map<Matrix, 0, Stride> c(y, index(rows), index(outputs), Stride(index(yStride)));
    c.noalias() = a * b.transpose();
}

} // namespace

const Kernels &table()
{
    static constexpr Kernels kTable{QS_STRING(QS_LEVEL), range,   moments,  quantize, measure,
                                    dequantize,          fromF16, fromBf16, fromF64,  product};
    return kTable;
}

} // namespace qs::QS_LEVEL
