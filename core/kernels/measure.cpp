// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Error energies of values against the originals.
#include "core/kernels/lanes.h"

namespace qs::QS_LEVEL {

namespace {

/// 1 / stored scale for the weights [at, at + size); 0 where the stored scale is 0.
void inverseScales(const ScaleRun &run, std::size_t at, std::size_t size, float *inverse)
{
    forEachEntry(run, at, size, [&](std::size_t begin, std::size_t same, std::size_t entry) {
        const float stored = run.stored[entry];
        const float value = stored != 0 ? 1.0F / stored : 0.0F;
        std::size_t i = begin;
        for (; i + kLanes <= begin + same; i += kLanes)
            Eigen::Map<Lanes>(inverse + i) = Lanes::Constant(value);
        for (; i < begin + same; ++i)
            inverse[i] = value;
    });
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

/// Float lanes of one chunk.
template <bool withSignal, bool manyScales> struct ChunkSums {
    Lanes error = Lanes::Zero();
    Lanes signal = Lanes::Zero();
    Lanes cross = Lanes::Zero();
    Lanes steps = Lanes::Zero();
    Lanes largest = Lanes::Zero();

    [[gnu::always_inline]] inline void add(const Lanes &x0, const Lanes &x1, const Lanes &y0, const Lanes &y1,
                                           const Lanes &inverse0, const Lanes &inverse1)
    {
        const Lanes e0 = y0 - x0;
        const Lanes e1 = y1 - x1;
        error += e0 * e0 + e1 * e1;
        cross += e0 * x0 + e1 * x1;
        largest = largest.max(e0.abs()).max(e1.abs());
        if constexpr (withSignal)
            signal += x0 * x0 + x1 * x1;
        if constexpr (manyScales) {
            const Lanes step0 = e0 * inverse0;
            const Lanes step1 = e1 * inverse1;
            steps += step0 * step0 + step1 * step1;
        }
    }
};

/// `inverse` is read with many scales only.
template <bool withSignal, bool manyScales>
ChunkSums<withSignal, manyScales> sumsOf(const float *x, const float *y, const float *inverse, std::size_t size)
{
    ChunkSums<withSignal, manyScales> sums;
    const auto whole = [](const float *values) -> Lanes { return Eigen::Map<const Lanes>(values); };
    const Lanes none = Lanes::Zero();
    std::size_t i = 0;
    for (; i + 2 * kLanes <= size; i += 2 * kLanes) {
        if constexpr (manyScales)
            sums.add(whole(x + i), whole(x + i + kLanes), whole(y + i), whole(y + i + kLanes), whole(inverse + i),
                     whole(inverse + i + kLanes));
        else
            sums.add(whole(x + i), whole(x + i + kLanes), whole(y + i), whole(y + i + kLanes), none, none);
    }
    if (i < size)
        sums.add(lanesAt(x, i, size), lanesAt(x, i + kLanes, size), lanesAt(y, i, size), lanesAt(y, i + kLanes, size),
                 manyScales ? lanesAt(inverse, i, size) : none, manyScales ? lanesAt(inverse, i + kLanes, size) : none);
    return sums;
}

template <bool withSignal, bool manyScales>
void addChunk(const MeasurePiece &piece, std::size_t at, const float *inverse, std::size_t size, RowSums *sums)
{
    const auto chunk = sumsOf<withSignal, manyScales>(piece.x + at, piece.y + at, inverse, size);
    const double stored = piece.scale && !manyScales ? static_cast<double>(scaleAt(*piece.scale, at).stored) : 0;
    const double perScale = stored != 0 ? 1 / (stored * stored) : 0;
    alignas(64) double errors[kLanes] = {};
    addTo(errors, chunk.error);
    addTo(sums->cross, chunk.cross);
    if constexpr (withSignal)
        addTo(sums->signal, chunk.signal);
    if constexpr (manyScales)
        addTo(sums->steps, chunk.steps);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sums->error[lane] += errors[lane];
        if constexpr (!manyScales)
            sums->steps[lane] += piece.scale ? errors[lane] * perScale : 0;
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const auto value = static_cast<double>(chunk.largest[static_cast<Eigen::Index>(lane)]);
        sums->maxAbsError = sums->maxAbsError > value ? sums->maxAbsError : value;
    }
}

/// Adds the lanes of one chunk of at most kFlushInterval weights to the double lanes.
template <bool withSignal> void measureChunk(const MeasurePiece &piece, std::size_t at, std::size_t size, RowSums *sums)
{
    if (!piece.scale || sameScale(*piece.scale, at, piece.count) >= size)
        return addChunk<withSignal, false>(piece, at, nullptr, size, sums);
    alignas(64) float inverse[kChunk];
    inverseScales(*piece.scale, at, size, inverse);
    addChunk<withSignal, true>(piece, at, inverse, size, sums);
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

std::uint64_t zerosOf(const float *x, std::size_t size)
{
    std::uint32_t zeros = 0;
    for (std::size_t i = 0; i < size; ++i)
        zeros += x[i] == 0.0F;
    return zeros;
}

} // namespace

void measure(const MeasurePiece *piece, RowSums *sums)
{
    for (std::size_t at = 0; at < piece->count; at += kChunk) {
        const std::size_t size = smaller(piece->count - at, kChunk);
        sums->nonZero += size - zerosOf(piece->x + at, size);
        if (!piece->wide)
            measureChunk<true>(*piece, at, size, sums);
    }
    if (piece->wide)
        measureWide(*piece, sums);
}

std::uint64_t measureErrors(const MeasurePiece &piece, RowSums *sums)
{
    measureChunk<false>(piece, 0, piece.count, sums);
    return zerosOf(piece.x, piece.count);
}

} // namespace qs::QS_LEVEL
