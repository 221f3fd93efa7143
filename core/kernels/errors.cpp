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
    ZeroCounter zeroCodes;
    std::uint64_t clipped = 0;
};

template <FloatType type, bool divide, bool many, bool storedAlike> class Block
{
public:
    /// One block of kGroup arrays of lanes.
    static inline void add(const unsigned char *weights, FactorCursor<many> &cursor, ChunkSums &sums, Lanes *codes)
    {
        Lanes v[kGroup];
        Lanes r[kGroup]; // code − zero point
        Lanes e[kGroup];
        Lanes step[kGroup];
        std::size_t entry[kGroup];
        Lanes worst = Lanes::Zero();
        for (std::size_t k = 0; k < kGroup; ++k) {
            entry[k] = cursor.next();
            const Factors f = cursor.at(entry[k]);
            v[k] = load<type>(weights + k * kLanes * kBytesOf<type>);
            r[k] = (v[k] * f.inverse).rint().max(f.lowest).min(f.highest);
            worst = widest(worst, errors(v[k], r[k], f, e[k], step[k]));
        }
        const float limit = many ? kSureBelow : kSureBelow * cursor.at(0).scale;
        if (__builtin_expect(anyAbove(worst, limit), 0)) {
            worst = Lanes::Zero();
            for (std::size_t k = 0; k < kGroup; ++k) {
                const Factors f = cursor.at(entry[k]);
                const Lanes rounded = scaled<divide>(v[k], f).rint();
                r[k] = rounded.max(f.lowest).min(f.highest);
                ZeroCounter same;
                same.add(rounded - r[k]);
                sums.clipped += kLanes - same.total();
                worst = widest(worst, errors(v[k], r[k], f, e[k], step[k]));
            }
        }
        for (std::size_t k = 0; k < kGroup; ++k) {
            sums.error += e[k] * e[k];
            sums.cross += e[k] * v[k];
            sums.zeroCodes.add(r[k]);
            if constexpr (many)
                sums.steps += step[k] * step[k];
            if constexpr (many || !storedAlike)
                sums.largest = widest(sums.largest, e[k]);
            if (codes)
                codes[k] = r[k] + cursor.at(entry[k]).zeroPoint;
        }
        if constexpr (!many && storedAlike)
            sums.largest = sums.largest.max(worst);
    }

private:
    /// Fills in e = y − x and, for groups, e / stored scale; returns what the residual check looks at.
    static inline Lanes errors(const Lanes &v, const Lanes &r, const Factors &f, Lanes &e, Lanes &step)
    {
        e = r * f.stored - v;
        const Lanes residual = storedAlike ? e : Lanes(r * f.scale - v);
        if constexpr (many) {
            step = e * f.inverseStored;
            return storedAlike ? step : Lanes(residual * f.inverse);
        }
        return residual;
    }
};

template <FloatType type, bool divide, bool many, bool storedAlike>
void addChunk(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
              ChunkSums &result)
{
    using ThisBlock = Block<type, divide, many, storedAlike>;
    ChunkSums sums;
    FactorCursor<many> cursor(table);
    const CodeStore how = target.how;
    const std::size_t perByte = how.packed ? 2 : 1;
    const std::size_t whole = size / kBlock * kBlock;
    alignas(64) Lanes codes[kGroup];
    for (std::size_t i = 0; i < whole; i += kBlock) {
        if (target.next) {
            for (std::size_t byte = 0; byte < kBlock * kBytesOf<type>; byte += 64)
                __builtin_prefetch(target.next + i * kBytesOf<type> + byte);
        }
        if (target.codes) {
            ThisBlock::add(weights + i * kBytesOf<type>, cursor, sums, codes);
            storeCodes(codes, how, target.codes + i / perByte);
        } else {
            ThisBlock::add(weights + i * kBytesOf<type>, cursor, sums, nullptr);
        }
    }
    if (const std::size_t left = size - whole; left > 0) {
        unsigned char padded[kBlock * kBytesOf<type>] = {};
        alignas(64) std::int8_t bytes[kBlock];
        std::memcpy(padded, weights + whole * kBytesOf<type>, left * kBytesOf<type>);
        ThisBlock::add(padded, cursor, sums, codes); // missing weights add nothing
        if (target.codes) {
            storeCodes(codes, how, bytes);
            if (how.packed && left % 2 == 1)
                bytes[left / 2] &= 15;
            std::memcpy(target.codes + whole / perByte, bytes, (left + perByte - 1) / perByte);
        }
    }
    result = sums;
}

template <FloatType type, bool divide>
void addChunk(const unsigned char *weights, std::size_t size, const FactorTable &table, const Target &target,
              ChunkSums &sums)
{
    if (table.many() && table.storedAlike())
        addChunk<type, divide, true, true>(weights, size, table, target, sums);
    else if (table.many())
        addChunk<type, divide, true, false>(weights, size, table, target, sums);
    else if (table.storedAlike())
        addChunk<type, divide, false, true>(weights, size, table, target, sums);
    else
        addChunk<type, divide, false, false>(weights, size, table, target, sums);
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
    if (streaming)
        endStreaming();

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
