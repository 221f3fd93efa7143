// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Errors of codes by Divide and Reciprocal while they are formed, and the codes where they are wanted.
//
// Forms the very sums of measure.cpp: the same operations in the same lanes.
#include "core/kernels/chunk_sums.h"
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

constexpr std::size_t kParts = kLanes / kWidth;
// Squares of float32 above this have all their bits.
constexpr float kTellingSquare = 0x1p-100F;
// Less than what rounding takes from the square of a limit: the check may strike too soon, but not too late.
constexpr float kSureSquare = 1.0F - 0x1p-20F;

Wide wideOf(const Lanes &lanes, std::size_t part)
{
    return Eigen::Map<const Wide>(lanes.data() + part * kWidth);
}

void setWide(Lanes &lanes, std::size_t part, const Wide &wide)
{
    Eigen::Map<Wide>(lanes.data() + part * kWidth) = wide;
}

/// One whole block by the quotient itself; `factorsOf(k)` are those of array k, and are asked for in their order.
/// Codes for the target are formed where there is one.
template <FloatType type, bool divide, bool many, bool bounded, bool zeroPoints, class FactorsOf>
[[gnu::always_inline]] inline void exactBlock(const unsigned char *block, FactorsOf factorsOf, ChunkSums &sums,
                                              Codes *target)
{
    Lanes r[kGroup]; // code − zero point
    Lanes codes[kGroup];
    for (std::size_t pair = 0; pair < kGroup; pair += 2) {
        Lanes square[2];
        Lanes cross[2];
        Lanes steps[2]; // of groups only
        for (std::size_t i = 0; i < 2; ++i) {
            const std::size_t k = pair + i;
            const Factors f = factorsOf(k);
            const Lanes v = load<type>(block + k * kLanes * kBytesOf<type>);
            const Lanes rounded = scaled<divide, bounded>(v, f).rint();
            r[k] = rounded.max(f.lowest).min(f.highest);
            sums.unclipped.addEqual(rounded, r[k]);
            const Lanes e = r[k] * f.stored - v;
            square[i] = e * e;
            cross[i] = e * v;
            sums.largest = widest(sums.largest, e);
            if constexpr (many) {
                const Lanes step = e * f.inverseStored;
                steps[i] = step * step;
            }
            if constexpr (zeroPoints)
                codes[k] = r[k] + f.zeroPoint;
        }
        sums.error += square[0] + square[1];
        sums.cross += cross[0] + cross[1];
        if constexpr (many)
            sums.steps += steps[0] + steps[1];
    }
    if (target && !zeroPoints) { // codes tell of zeros sooner than steps do
        *target = toCodes(r, 0);
        sums.zeroCodes.add(*target, 0);
        return;
    }
    sums.zeroCodes.addSteps(r);
    if (target)
        *target = toCodes(codes, 0);
}

/// One block under one scale, or the last one, of which only `size` weights are there; the others count as 0 and add
/// nothing. Out of line, so that the common ways keep their sums in registers.
template <FloatType type, bool divide, bool many, bool bounded>
[[gnu::noinline]] void addExactly(const unsigned char *weights, std::size_t at, std::size_t size,
                                  FactorCursor<many> &cursor, const Target &target, ChunkSums &sums)
{
    unsigned char padded[kBlock * kBytesOf<type>];
    const unsigned char *block = weights + at * kBytesOf<type>;
    if (size < kBlock) {
        std::memset(padded, 0, sizeof padded);
        std::memcpy(padded, block, size * kBytesOf<type>);
        block = padded;
    }
    const auto factorsOf = [&](std::size_t) { return cursor.at(cursor.next()); };
    Codes codes;
    exactBlock<type, divide, many, bounded, true>(block, factorsOf, sums, target.codes ? &codes : nullptr);
    sums.exact += kBlock;
    if (target.codes)
        storeBlock(codes, target, at, size);
}

/// Whole blocks under many scales: the weight after them. `inPairs`: arrays 2k and 2k + 1 are of one group always.
template <FloatType type, bool divide, bool bounded, bool zeroPoints, bool inPairs, bool coded>
std::size_t addGroups(const unsigned char *weights, std::size_t end, FactorCursor<true> &cursor, const Target &target,
                      ChunkSums &result)
{
    ChunkSums sums = result; // in registers
    FactorCursor<true> here = cursor;
    const CodeStore how = target.how;
    const unsigned shift = how.packed ? 1 : 0; // two codes per byte
    std::int8_t *out = target.codes;
    const unsigned char *next = target.next;
    std::size_t at = 0;
    for (; at + kBlock <= end; at += kBlock) {
        if (next)
            fetchAhead(next, at * kBytesOf<type>, kBlock * kBytesOf<type>);
        Factors f{};
        const auto factorsOf = [&](std::size_t k) {
            const std::size_t entry = here.next();
            if (!inPairs || k % 2 == 0)
                f = here.at(entry);
            return f;
        };
        Codes codes;
        exactBlock<type, divide, true, bounded, zeroPoints>(weights + at * kBytesOf<type>, factorsOf, sums,
                                                            coded ? &codes : nullptr);
        if constexpr (coded)
            storeCodes(codes, how, out + (at >> shift));
    }
    sums.exact += at;
    result = sums;
    cursor = here;
    return at;
}

template <FloatType type, bool divide, bool bounded, bool zeroPoints>
std::size_t addGroups(const unsigned char *weights, std::size_t end, const FactorTable &table,
                      FactorCursor<true> &cursor, const Target &target, ChunkSums &sums)
{
    if ((table.lanesPerGroup() | table.lanesBefore()) % 2 != 0)
        return target.codes
                   ? addGroups<type, divide, bounded, zeroPoints, false, true>(weights, end, cursor, target, sums)
                   : addGroups<type, divide, bounded, zeroPoints, false, false>(weights, end, cursor, target, sums);
    return target.codes ? addGroups<type, divide, bounded, zeroPoints, true, true>(weights, end, cursor, target, sums)
                        : addGroups<type, divide, bounded, zeroPoints, true, false>(weights, end, cursor, target, sums);
}

/// What a block adds, held back until its codes are known to be right.
struct Pending {
    Wide error[kGroup / 2 * kParts]; ///< of pairs of arrays
    Wide cross[kGroup / 2 * kParts];
    Wide residual = Wide::Zero(); ///< largest square against the scale that codes are formed with
    Wide square = Wide::Zero();   ///< largest square against the stored one; not set where that is the same
};

/// One register's share of each array of a block: code − zero point to `r`, and what it adds; the first part sets the
/// largest squares.
template <FloatType type, bool storedAlike, bool bounded>
[[gnu::always_inline]] inline void addPart(const unsigned char *block, std::size_t part, const Factors &f, Wide *r,
                                           Pending &pending)
{
    for (std::size_t pair = 0; pair < kGroup; pair += 2) {
        Wide square[2];
        Wide product[2];
        for (std::size_t i = 0; i < 2; ++i) {
            const std::size_t k = (pair + i) * kParts + part;
            const Wide v = loadWide<type>(block + k * kWidth * kBytesOf<type>);
            r[k] = (v * f.inverse).rint();
            if constexpr (!bounded)
                r[k] = r[k].max(f.lowest).min(f.highest);
            const Wide e = r[k] * f.stored - v;
            square[i] = e * e;
            product[i] = e * v;
            const bool first = part + pair + i == 0;
            if constexpr (storedAlike) {
                pending.residual = first ? square[i] : Wide(pending.residual.max(square[i]));
            } else {
                const Wide residual = r[k] * f.scale - v;
                const Wide squared = residual * residual;
                pending.residual = first ? squared : Wide(pending.residual.max(squared));
                pending.square = first ? square[i] : Wide(pending.square.max(square[i]));
            }
        }
        pending.error[pair / 2 * kParts + part] = square[0] + square[1];
        pending.cross[pair / 2 * kParts + part] = product[0] + product[1];
    }
}

[[gnu::always_inline]] inline void getSums(const ChunkSums &chunk, Wide *error, Wide *cross)
{
    for (std::size_t part = 0; part < kParts; ++part) {
        error[part] = wideOf(chunk.error, part);
        cross[part] = wideOf(chunk.cross, part);
    }
}

[[gnu::always_inline]] inline void putSums(ChunkSums &chunk, const Wide *error, const Wide *cross)
{
    for (std::size_t part = 0; part < kParts; ++part) {
        setWide(chunk.error, part, error[part]);
        setWide(chunk.cross, part, cross[part]);
    }
}

/// Blocks under one scale, from weight `at` of a row on, until the residual check strikes, fewer weights than a block
/// are left, or the row ends: where that is. Chunks that end on the way are flushed.
template <FloatType type, bool storedAlike, bool bounded, bool coded>
[[gnu::noinline]] std::size_t addQuickly(const unsigned char *weights, std::size_t at, std::size_t end,
                                         const Factors &factors, float limitSquare, const Target &target,
                                         ChunkSums &result, Lanes &squares, RowTotals &totals)
{
    const Factors f = factors;
    const int zeroPoint = static_cast<int>(f.zeroPoint);
    const unsigned char *next = target.next;
    std::int8_t *out = target.codes;
    CodeStore how = target.how;
    how.clamped = false;                       // the check leaves none to be clamped
    const unsigned shift = how.packed ? 1 : 0; // two codes per byte
    ChunkSums chunk = result;
    Wide largest = Wide::Zero();
    bool sure = true;
    while (sure && at + kBlock <= end) {
        Wide error[kParts]; // in registers
        Wide cross[kParts];
        getSums(chunk, error, cross);
        ZeroCodeCounter zeroCodes = chunk.zeroCodes;
        const std::size_t chunkEnd = smaller((at / kChunk + 1) * kChunk, end);
        for (; at + kBlock <= chunkEnd; at += kBlock) {
            if (next)
                fetchAhead(next, at * kBytesOf<type>, kBlock * kBytesOf<type>);
            Pending pending;
            Wide r[kGroup * kParts];
            for (std::size_t part = 0; part < kParts; ++part)
                addPart<type, storedAlike, bounded>(weights + at * kBytesOf<type>, part, f, r, pending);
            Codes codes; // before the check: they take fewer registers than steps
            if constexpr (coded)
                codes = toCodes(r, zeroPoint);
            if (__builtin_expect(anyAbove(pending.residual, limitSquare), 0)) {
                sure = false;
                break;
            }
            for (std::size_t i = 0; i < kGroup / 2 * kParts; ++i) {
                error[i % kParts] += pending.error[i];
                cross[i % kParts] += pending.cross[i];
            }
            largest = largest.max(storedAlike ? pending.residual : pending.square);
            if constexpr (coded) { // codes tell of zeros sooner than steps do
                zeroCodes.add(codes, zeroPoint);
                storeCodes(codes, how, out + (at >> shift));
            } else {
                zeroCodes.addSteps(r);
            }
        }
        putSums(chunk, error, cross);
        chunk.zeroCodes = zeroCodes;
        if (at == chunkEnd)
            flush<false>(chunk, totals);
    }
    for (std::size_t part = 0; part < kParts; ++part)
        setWide(squares, part, wideOf(squares, part).max(largest));
    result = chunk;
    return at;
}

/// The largest |e| of a row under one scale, whatever its square comes to.
template <FloatType type, bool divide>
[[gnu::noinline]] float largestError(const unsigned char *weights, std::size_t size, const Factors &f)
{
    Lanes largest = Lanes::Zero();
    for (std::size_t at = 0; at < size; at += kLanes) {
        unsigned char padded[kLanes * kBytesOf<type>] = {};
        std::memcpy(padded, weights + at * kBytesOf<type>, smaller(kLanes, size - at) * kBytesOf<type>);
        const Lanes v = load<type>(padded);
        const Lanes r = scaled<divide, false>(v, f).rint().max(f.lowest).min(f.highest);
        largest = widest(largest, r * f.stored - v);
    }
    return largestOf(largest);
}

/// A row under one scale.
template <FloatType type, bool divide, bool storedAlike, bool bounded, bool coded>
void addRow(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
            RowTotals &totals)
{
    FactorCursor<false> cursor(table);
    const Factors factors = table.at(0);
    const float limit = kSureBelow * factors.scale;
    const float limitSquare = kSureSquare * limit * limit;
    const bool quick = limitSquare >= kTellingSquare && limitSquare <= 1 / kTellingSquare;
    ChunkSums chunk;
    Lanes squares = Lanes::Zero();
    for (std::size_t at = 0; at < size;) {
        if (quick)
            at = addQuickly<type, storedAlike, bounded, coded>(weights, at, size, factors, limitSquare, target, chunk,
                                                               squares, totals);
        if (at == size)
            break;
        const std::size_t here = smaller(kBlock, size - at);
        addExactly<type, divide, false, bounded>(weights, at, here, cursor, target, chunk);
        at += here;
        if (at % kChunk == 0 || at == size)
            flush<false>(chunk, totals);
    }
    finish(chunk, size, totals);
    if (chunk.exact >= size)
        return;
    // Rounded to nearest, the root of a square is what was squared, unless that is too small to be told by its square.
    const float square = largestOf(squares);
    const float largest =
        square >= kTellingSquare ? std::sqrt(square) : largestError<type, divide>(weights, size, factors);
    totals.largest = totals.largest > largest ? totals.largest : largest;
}

/// A chunk under many scales.
template <FloatType type, bool divide, bool bounded>
void addChunk(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
              RowTotals &totals)
{
    FactorCursor<true> cursor(table);
    ChunkSums chunk;
    const std::size_t at = table.zeroPoints()
                               ? addGroups<type, divide, bounded, true>(weights, size, table, cursor, target, chunk)
                               : addGroups<type, divide, bounded, false>(weights, size, table, cursor, target, chunk);
    if (at < size)
        addExactly<type, divide, true, bounded>(weights, at, size - at, cursor, target, chunk);
    flush<true>(chunk, totals);
    finish(chunk, size, totals);
}

template <FloatType type, bool divide, bool coded>
void addRow(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
            RowTotals &totals)
{
    if (!table.storedAlike())
        addRow<type, divide, false, false, coded>(weights, size, table, target, totals);
    else if (table.bounded())
        addRow<type, divide, true, true, coded>(weights, size, table, target, totals);
    else
        addRow<type, divide, true, false, coded>(weights, size, table, target, totals);
}

template <FloatType type, bool divide>
void addWeights(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
                RowTotals &totals)
{
    if (table.many() && table.bounded())
        addChunk<type, divide, true>(weights, size, table, target, totals);
    else if (table.many())
        addChunk<type, divide, false>(weights, size, table, target, totals);
    else if (target.codes)
        addRow<type, divide, true>(weights, size, table, target, totals);
    else
        addRow<type, divide, false>(weights, size, table, target, totals);
}

template <bool divide>
void addWeights(FloatType type, const unsigned char *weights, std::size_t size, const FactorTable &table,
                const Target &target, RowTotals &totals)
{
    switch (type) {
    case FloatType::F32:
        return addWeights<FloatType::F32, divide>(weights, size, table, target, totals);
    case FloatType::F16:
        return addWeights<FloatType::F16, divide>(weights, size, table, target, totals);
    case FloatType::BF16:
        return addWeights<FloatType::BF16, divide>(weights, size, table, target, totals);
    }
}

} // namespace

void measureCodes(QuantizePiece *piece, const FactorTable &table, std::size_t at, std::size_t size)
{
    const Target target = targetOf(*piece, at);
    const auto *weights = static_cast<const unsigned char *>(piece->x) + at * bytesOf(piece->type);
    const auto stored = static_cast<double>(table.at(0).stored);
    RowTotals totals{piece->sums, stored != 0 ? 1 / (stored * stored) : 0};
    (piece->coding.rule == CodeRule::Reciprocal ? addWeights<false> : addWeights<true>)(piece->type, weights, size,
                                                                                        table, target, totals);
    addTo(*piece, totals);
}

} // namespace qs::QS_LEVEL
