// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Errors of codes by Divide and Reciprocal while they are formed, and the codes where they are wanted.
//
// Forms the very sums of measure.cpp: the same operations in the same lanes.
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

constexpr std::size_t kBlock = kGroup * kLanes;

/// Codes of one chunk and where they go.
struct Target {
    std::int8_t *codes; ///< null: not wanted
    CodeStore how;
    const unsigned char *next; ///< weights to be brought nearer meanwhile, or null
};

/// Float lanes of one chunk.
struct ChunkSums {
    Lanes error = Lanes::Zero();
    Lanes cross = Lanes::Zero();
    Lanes steps = Lanes::Zero();
    Lanes largest = Lanes::Zero();
    ZeroCodeCounter zeroCodes;
    std::uint64_t clipped = 0;
};

/// Arrays of lanes that share one residual check: as many as the registers hold.
constexpr std::size_t kChecked = kGroup == 4 ? 4 : 1;

template <FloatType type, bool divide, bool many, bool storedAlike, bool bounded> struct Arithmetics
{
    /// Fills in e = y − x and, for groups, e / stored scale; returns what the residual check looks at.
    [[gnu::always_inline]] static inline Lanes errors(const Lanes &v, const Lanes &r, const Factors &f, Lanes &e,
                                                      Lanes &step)
    {
        e = r * f.stored - v;
        const Lanes residual = storedAlike ? e : Lanes(r * f.scale - v);
        if constexpr (many) {
            step = e * f.inverseStored;
            return storedAlike ? step : Lanes(residual * f.inverse);
        }
        return residual;
    }

    /// Adds kChecked arrays of lanes and gives their codes without zero points.
    [[gnu::always_inline]] static inline void add(const unsigned char *weights, FactorCursor<many> &cursor,
                                                  ChunkSums &sums, Lanes *codes)
    {
        const auto weight = [weights](std::size_t k) { return load<type>(weights + k * kLanes * kBytesOf<type>); };
        Lanes r[kChecked]; // code − zero point
        Lanes e[kChecked];
        Lanes step[kChecked];
        std::size_t entry[kChecked];
        Lanes worst = Lanes::Zero();
        for (std::size_t k = 0; k < kChecked; ++k) {
            entry[k] = cursor.next();
            const Factors f = cursor.at(entry[k]);
            const Lanes v = weight(k);
            r[k] = (v * f.inverse).rint();
            if constexpr (!bounded)
                r[k] = r[k].max(f.lowest).min(f.highest);
            worst = widest(worst, errors(v, r[k], f, e[k], step[k]));
        }
        const float limit = many ? kSureBelow : kSureBelow * cursor.at(0).scale;
        if (__builtin_expect(anyAbove(worst, limit), 0)) {
            worst = Lanes::Zero();
            for (std::size_t k = 0; k < kChecked; ++k) {
                const Factors f = cursor.at(entry[k]);
                const Lanes v = weight(k);
                const Lanes rounded = scaled<divide>(v, f).rint();
                r[k] = rounded.max(f.lowest).min(f.highest);
                ZeroCounter same;
                same.add(rounded - r[k]);
                sums.clipped += kLanes - same.total();
                worst = widest(worst, errors(v, r[k], f, e[k], step[k]));
            }
        }
        for (std::size_t k = 0; k < kChecked; ++k) {
            sums.error += e[k] * e[k];
            sums.cross += e[k] * weight(k);
            if constexpr (many)
                sums.steps += step[k] * step[k];
            if constexpr (many || !storedAlike)
                sums.largest = widest(sums.largest, e[k]);
            codes[k] = r[k];
        }
        if constexpr (!many && storedAlike)
            sums.largest = sums.largest.max(worst);
    }
};

/// Adds the zero points of the groups.
void addZeroPoints(Lanes *codes, FactorCursor<true> cursor)
{
    for (std::size_t k = 0; k < kGroup; ++k)
        codes[k] += cursor.at(cursor.next()).zeroPoint;
}

template <FloatType type, bool divide, bool many, bool storedAlike, bool bounded>
void addChunk(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
              ChunkSums &result)
{
    constexpr std::size_t kBytes = kBlock * kBytesOf<type>;
    ChunkSums sums;
    FactorCursor<many> cursor(table);
    const CodeStore how = target.how;
    const unsigned shift = how.packed ? 1 : 0; // two codes per byte
    const unsigned char *next = target.next;
    std::int8_t *out = target.codes;
    const int zeroPoint = many ? 0 : static_cast<int>(cursor.at(0).zeroPoint);
    const bool zeroPoints = table.anyZeroPoint();
    for (std::size_t i = 0; i < size; i += kBlock) {
        unsigned char padded[kBytes];
        const unsigned char *block = weights + i * kBytesOf<type>;
        if (i + kBlock > size) { // missing weights add nothing
            std::memset(padded, 0, kBytes);
            std::memcpy(padded, block, (size - i) * kBytesOf<type>);
            block = padded;
        }
        if (next) {
            for (std::size_t byte = 0; byte < kBytes; byte += 64)
                __builtin_prefetch(next + i * kBytesOf<type> + byte);
        }
        Lanes values[kGroup];
        const FactorCursor<many> before = cursor;
        for (std::size_t k = 0; k < kGroup; k += kChecked)
            Arithmetics<type, divide, many, storedAlike, bounded>::add(block + k * kLanes * kBytesOf<type>, cursor,
                                                                       sums, values + k);
        Codes codes = toCodes(values, zeroPoint);
        sums.zeroCodes.add(codes, zeroPoint);
        if (!out)
            continue;
        if constexpr (many) {
            if (zeroPoints) {
                addZeroPoints(values, before);
                codes = toCodes(values, 0);
            }
        }
        if (block != padded) {
            storeCodes(codes, how, out + (i >> shift));
        } else {
            alignas(64) std::int8_t bytes[kBlock];
            const std::size_t left = size - i;
            storeCodes(codes, {how.codeMin, how.codeMax, how.packed, false}, bytes);
            if (how.packed && left % 2 == 1)
                bytes[left / 2] &= 15;
            std::memcpy(out + (i >> shift), bytes, (left + shift) >> shift);
        }
    }
    result = sums;
}

template <FloatType type, bool divide, bool many>
void addChunk(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
              ChunkSums &sums)
{
    if (!table.storedAlike())
        addChunk<type, divide, many, false, false>(weights, size, table, target, sums);
    else if (table.bounded())
        addChunk<type, divide, many, true, true>(weights, size, table, target, sums);
    else
        addChunk<type, divide, many, true, false>(weights, size, table, target, sums);
}

template <FloatType type, bool divide>
void addChunk(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
              ChunkSums &sums)
{
    if (table.many())
        addChunk<type, divide, true>(weights, size, table, target, sums);
    else
        addChunk<type, divide, false>(weights, size, table, target, sums);
}

template <bool divide>
void addChunk(FloatType type, const unsigned char *weights, std::size_t size, const FactorTable &table,
              const Target &target, ChunkSums &sums)
{
    switch (type) {
    case FloatType::F32:
        return addChunk<FloatType::F32, divide>(weights, size, table, target, sums);
    case FloatType::F16:
        return addChunk<FloatType::F16, divide>(weights, size, table, target, sums);
    case FloatType::BF16:
        return addChunk<FloatType::BF16, divide>(weights, size, table, target, sums);
    }
}

} // namespace

void measureCodes(QuantizePiece *piece, const FactorTable &table, std::size_t at, std::size_t size)
{
    const std::size_t element = piece->type == FloatType::F32 ? 4 : 2;
    const bool packed = piece->layout == CodeLayout::Packed4;
    std::int8_t *codes = piece->codes ? piece->codes + (packed ? at / 2 : at) : nullptr;
    const std::size_t alignment = packed ? kBlock / 2 : kBlock;
    const bool streaming = codes && piece->streaming && reinterpret_cast<std::uintptr_t>(codes) % alignment == 0;
    const auto *next = static_cast<const unsigned char *>(piece->next);
    const Target target{codes, CodeStore{piece->coding.codeMin, piece->coding.codeMax, packed, streaming},
                        next ? next + at * element : nullptr};
    const auto *weights = static_cast<const unsigned char *>(piece->x) + at * element;
    ChunkSums chunk;
    (piece->coding.rule == CodeRule::Divide ? addChunk<true> : addChunk<false>)(piece->type, weights, size, table,
                                                                                target, chunk);

    RowSums &sums = *piece->sums;
    const auto stored = static_cast<double>(table.at(0).stored);
    const double perScale = stored != 0 ? 1 / (stored * stored) : 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const auto l = static_cast<Eigen::Index>(lane);
        const auto error = static_cast<double>(chunk.error[l]);
        sums.error[lane] += error;
        sums.cross[lane] += static_cast<double>(chunk.cross[l]);
        sums.steps[lane] += table.many() ? static_cast<double>(chunk.steps[l]) : error * perScale;
    }
    const auto largest = static_cast<double>(largestOf(chunk.largest));
    sums.maxAbsError = sums.maxAbsError > largest ? sums.maxAbsError : largest;
    piece->clipped += chunk.clipped;
    piece->zeroCodes += chunk.zeroCodes.total() - (kBlock - size % kBlock) % kBlock; // without the padding
}

} // namespace qs::QS_LEVEL
