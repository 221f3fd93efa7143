// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Errors of codes by Divide and Reciprocal while they are formed, and the codes where they are wanted.
//
// Forms the very sums of measure.cpp: the same operations in the same lanes.
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

constexpr std::size_t kBlock = kGroup * kLanes;
constexpr std::size_t kParts = kLanes / kWidth;

Wide wideOf(const Lanes &lanes, std::size_t part)
{
    return Eigen::Map<const Wide>(lanes.data() + part * kWidth);
}

void setWide(Lanes &lanes, std::size_t part, const Wide &wide)
{
    Eigen::Map<Wide>(lanes.data() + part * kWidth) = wide;
}

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
    Lanes steps = Lanes::Zero(); ///< of groups only
    Lanes largest = Lanes::Zero();
    ZeroCodeCounter zeroCodes{};
    ZeroCounter unclipped{}; ///< codes that the clamp leaves, of those …
    std::uint64_t exact = 0; ///< … that come from the quotient itself
};

/// Stores the codes of a block of which `size` weights are there.
void storeBlock(const Codes &codes, const Target &target, std::size_t at, std::size_t size)
{
    const CodeStore &how = target.how;
    const unsigned shift = how.packed ? 1 : 0; // two codes per byte
    std::int8_t *out = target.codes + (at >> shift);
    if (size == kBlock) {
        storeCodes(codes, how, out);
        return;
    }
    alignas(64) std::int8_t bytes[kBlock];
    storeCodes(codes, {how.codeMin, how.codeMax, how.clamped, how.packed, false}, bytes);
    if (how.packed && size % 2 == 1)
        bytes[size / 2] &= 15;
    std::memcpy(out, bytes, (size + shift) >> shift);
}

/// One whole block by the quotient itself; gives its codes.
template <FloatType type, bool divide, bool many, bool bounded>
[[gnu::always_inline]] inline Codes exactBlock(const unsigned char *block, FactorCursor<many> &cursor, ChunkSums &sums)
{
    Lanes r[kGroup]; // code − zero point
    Lanes codes[kGroup];
    for (std::size_t pair = 0; pair < kGroup; pair += 2) {
        Lanes square[2];
        Lanes cross[2];
        Lanes steps[2]; // of groups only
        for (std::size_t i = 0; i < 2; ++i) {
            const std::size_t k = pair + i;
            const Factors f = cursor.at(cursor.next());
            const Lanes v = load<type>(block + k * kLanes * kBytesOf<type>);
            const Lanes rounded = scaled<divide, bounded>(v, f).rint();
            r[k] = rounded.max(f.lowest).min(f.highest);
            sums.unclipped.add(rounded - r[k]);
            const Lanes e = r[k] * f.stored - v;
            square[i] = e * e;
            cross[i] = e * v;
            sums.largest = widest(sums.largest, e);
            if constexpr (many) {
                const Lanes step = e * f.inverseStored;
                steps[i] = step * step;
            }
            codes[k] = r[k] + f.zeroPoint;
        }
        sums.error += square[0] + square[1];
        sums.cross += cross[0] + cross[1];
        if constexpr (many)
            sums.steps += steps[0] + steps[1];
    }
    sums.zeroCodes.add(toCodes(r, 0), 0);
    return toCodes(codes, 0);
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
    const Codes codes = exactBlock<type, divide, many, bounded>(block, cursor, sums);
    sums.exact += kBlock;
    if (target.codes)
        storeBlock(codes, target, at, size);
}

/// Whole blocks under many scales: the weight after them.
template <FloatType type, bool divide, bool bounded>
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
        const Codes codes = exactBlock<type, divide, true, bounded>(weights + at * kBytesOf<type>, here, sums);
        if (out)
            storeCodes(codes, how, out + (at >> shift));
    }
    sums.exact += at;
    result = sums;
    cursor = here;
    return at;
}

/// Largest magnitudes in a block.
struct Worst {
    Wide residual; ///< against the scale that codes are formed with
    Wide error;    ///< against the stored one; not set where that is the same
};

/// One register's share of each array of a block: code − zero point to `r`, and the sums; the first part sets `worst`.
template <FloatType type, bool storedAlike, bool bounded>
[[gnu::always_inline]] inline void addPart(const unsigned char *block, std::size_t part, const Factors &f, Wide *r,
                                           Wide &error, Wide &cross, Worst &worst)
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
            const bool first = part + pair + i == 0;
            if constexpr (storedAlike) {
                worst.residual = first ? Wide(e.abs()) : widest(worst.residual, e);
            } else {
                const Wide residual = r[k] * f.scale - v;
                worst.residual = first ? Wide(residual.abs()) : widest(worst.residual, residual);
                worst.error = first ? Wide(e.abs()) : widest(worst.error, e);
            }
            square[i] = e * e;
            product[i] = e * v;
        }
        error += square[0] + square[1];
        cross += product[0] + product[1];
    }
}

/// Whole blocks under one scale, from weight `at` on, until the residual check strikes: the block where it does.
template <FloatType type, bool storedAlike, bool bounded>
[[gnu::noinline]] std::size_t addQuickly(const unsigned char *weights, std::size_t at, std::size_t end,
                                         const Factors &factors, const Target &target, ChunkSums &result)
{
    const Factors f = factors;
    const int zeroPoint = static_cast<int>(f.zeroPoint);
    const float limit = kSureBelow * f.scale;
    const unsigned char *next = target.next;
    std::int8_t *out = target.codes;
    CodeStore how = target.how;
    how.clamped = false;                       // the check leaves none to be clamped
    const unsigned shift = how.packed ? 1 : 0; // two codes per byte
    Wide error[kParts];                        // in registers
    Wide cross[kParts];
    for (std::size_t part = 0; part < kParts; ++part) {
        error[part] = wideOf(result.error, part);
        cross[part] = wideOf(result.cross, part);
    }
    Wide largest = Wide::Zero();
    ZeroCodeCounter zeroCodes = result.zeroCodes;
    for (; at + kBlock <= end; at += kBlock) {
        if (next)
            fetchAhead(next, at * kBytesOf<type>, kBlock * kBytesOf<type>);
        // Sums before the check need fewer registers than errors that wait for it.
        Wide before[2 * kParts];
        Wide r[kGroup * kParts];
        Worst worst;
        for (std::size_t part = 0; part < kParts; ++part) {
            before[2 * part] = error[part];
            before[2 * part + 1] = cross[part];
            addPart<type, storedAlike, bounded>(weights + at * kBytesOf<type>, part, f, r, error[part], cross[part],
                                                worst);
        }
        const Codes codes = toCodes(r, zeroPoint);
        if (__builtin_expect(anyAbove(worst.residual, limit), 0)) {
            for (std::size_t part = 0; part < kParts; ++part) {
                error[part] = before[2 * part];
                cross[part] = before[2 * part + 1];
            }
            break;
        }
        largest = largest.max(storedAlike ? worst.residual : worst.error);
        zeroCodes.add(codes, zeroPoint);
        if (out)
            storeCodes(codes, how, out + (at >> shift));
    }
    for (std::size_t part = 0; part < kParts; ++part) {
        setWide(result.error, part, error[part]);
        setWide(result.cross, part, cross[part]);
        setWide(result.largest, part, wideOf(result.largest, part).max(largest));
    }
    result.zeroCodes = zeroCodes;
    return at;
}

template <FloatType type, bool divide, bool many, bool storedAlike, bool bounded>
void addChunk(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
              ChunkSums &sums)
{
    FactorCursor<many> cursor(table);
    std::size_t at = 0;
    if constexpr (many) {
        at = addGroups<type, divide, bounded>(weights, size, cursor, target, sums);
    } else {
        const Factors factors = table.at(0);
        at = addQuickly<type, storedAlike, bounded>(weights, at, size, factors, target, sums);
        while (at + kBlock <= size) {
            addExactly<type, divide, many, bounded>(weights, at, kBlock, cursor, target, sums);
            at = addQuickly<type, storedAlike, bounded>(weights, at + kBlock, size, factors, target, sums);
        }
    }
    if (at < size)
        addExactly<type, divide, many, bounded>(weights, at, size - at, cursor, target, sums);
}

template <FloatType type, bool divide, bool many>
void addChunk(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
              ChunkSums &sums)
{
    if (!many && !table.storedAlike())
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
    const Target target{codes, codeStore(piece->coding, packed, streaming), next ? next + at * element : nullptr};
    const auto *weights = static_cast<const unsigned char *>(piece->x) + at * element;
    ChunkSums chunk;
    (piece->coding.rule == CodeRule::Reciprocal ? addChunk<false> : addChunk<true>)(piece->type, weights, size, table,
                                                                                    target, chunk);

    RowSums &sums = *piece->sums;
    const auto stored = static_cast<double>(table.at(0).stored);
    const double perScale = stored != 0 ? 1 / (stored * stored) : 0;
    alignas(64) double errors[kLanes] = {};
    addTo(errors, chunk.error);
    addTo(sums.cross, chunk.cross);
    if (table.many())
        addTo(sums.steps, chunk.steps);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sums.error[lane] += errors[lane];
        sums.steps[lane] += table.many() ? 0 : errors[lane] * perScale;
    }
    const auto largest = static_cast<double>(largestOf(chunk.largest));
    sums.maxAbsError = sums.maxAbsError > largest ? sums.maxAbsError : largest;
    piece->clipped += chunk.exact - chunk.unclipped.total();
    piece->zeroCodes += chunk.zeroCodes.total() - (kBlock - size % kBlock) % kBlock; // without the padding
}

} // namespace qs::QS_LEVEL
