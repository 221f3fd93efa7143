// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Error energies of values against the originals.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

namespace {

using Lanes = Eigen::Array<float, kLanes, 1>;

/// 1 / stored scale for the weights [at, at + size); 0 where the stored scale is 0.
void inverseScales(const ScaleRun &run, std::size_t at, std::size_t size, std::size_t count, float *inverse)
{
    for (std::size_t i = 0; i < size;) {
        const std::size_t same = smaller(sameScale(run, at + i, count), size - i);
        const float stored = scaleAt(run, at + i).stored;
        const float value = stored != 0 ? 1.0F / stored : 0.0F;
        for (std::size_t k = i; k < i + same; ++k)
            inverse[k] = value;
        i += same;
    }
}

/// Weights [at, at + kLanes) of `size`; missing ones are 0 and add nothing.
Lanes lanesAt(const float *values, std::size_t at, std::size_t size)
{
    if (at + kLanes <= size)
        return Eigen::Map<const Lanes>(values + at);
    Lanes lanes = Lanes::Zero();
    if (at < size)
        std::memcpy(lanes.data(), values + at, (size - at) * sizeof(float));
    return lanes;
}

/// Adds the lanes of one chunk of at most kFlushInterval weights to the double lanes.
void measureChunk(const MeasurePiece &piece, std::size_t at, std::size_t size, RowSums *sums)
{
    const bool oneScale = piece.scale && sameScale(*piece.scale, at, piece.count) >= size;
    const bool manyScales = piece.scale && !oneScale;
    Lanes error = Lanes::Zero();
    Lanes signal = Lanes::Zero();
    Lanes cross = Lanes::Zero();
    Lanes steps = Lanes::Zero();
    Lanes largest = Lanes::Zero();
    alignas(64) float inverse[kChunk];
    if (manyScales)
        inverseScales(*piece.scale, at, size, piece.count, inverse);
    const float *x = piece.x + at;
    const float *y = piece.y + at;
    for (std::size_t i = 0; i < size; i += 2 * kLanes) {
        const Lanes x0 = lanesAt(x, i, size);
        const Lanes x1 = lanesAt(x, i + kLanes, size);
        const Lanes e0 = lanesAt(y, i, size) - x0;
        const Lanes e1 = lanesAt(y, i + kLanes, size) - x1;
        error += e0 * e0 + e1 * e1;
        signal += x0 * x0 + x1 * x1;
        cross += e0 * x0 + e1 * x1;
        largest = largest.max(e0.abs()).max(e1.abs());
        if (manyScales) {
            const Lanes step0 = e0 * lanesAt(inverse, i, size);
            const Lanes step1 = e1 * lanesAt(inverse, i + kLanes, size);
            steps += step0 * step0 + step1 * step1;
        }
    }
    const double stored = oneScale ? static_cast<double>(scaleAt(*piece.scale, at).stored) : 0;
    const double perScale = stored != 0 ? 1 / (stored * stored) : 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const auto l = static_cast<Eigen::Index>(lane);
        sums->error[lane] += static_cast<double>(error[l]);
        sums->signal[lane] += static_cast<double>(signal[l]);
        sums->cross[lane] += static_cast<double>(cross[l]);
        sums->steps[lane] += oneScale ? static_cast<double>(error[l]) * perScale : static_cast<double>(steps[l]);
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
        const double e = static_cast<double>(piece.y[i]) - x;
        const double size = e < 0 ? -e : e;
        sums->error[lane] += e * e;
        sums->signal[lane] += x * x;
        sums->cross[lane] += e * x;
        sums->maxAbsError = sums->maxAbsError > size ? sums->maxAbsError : size;
        if (piece.scale) {
            const auto stored = static_cast<double>(scaleAt(*piece.scale, i).stored);
            const double step = stored != 0 ? e / stored : 0.0;
            sums->steps[lane] += step * step;
        }
    }
}

} // namespace

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
        measureChunk(*piece, at, smaller(piece->count - at, kChunk), sums);
}

} // namespace qs::QS_LEVEL
