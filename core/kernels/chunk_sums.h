// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the sources share that measure errors while they form codes: sums of a chunk, and where they and codes go.
// Included by kernel sources only.
#pragma once

#include "core/kernels/lanes.h"

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
    Lanes steps = Lanes::Zero(); ///< of groups only
    Lanes largest = Lanes::Zero();
    ZeroCodeCounter zeroCodes{};
    ZeroCounter unclipped{}; ///< codes that the clamp leaves, of those …
    std::uint64_t exact = 0; ///< … that come from the quotient itself
};

/// Stores the codes of a block of which `size` weights are there.
inline void storeBlock(const Codes &codes, const Target &target, std::size_t at, std::size_t size)
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

inline Target targetOf(const QuantizePiece &piece, std::size_t at)
{
    const bool packed = piece.layout == CodeLayout::Packed4;
    std::int8_t *codes = piece.codes ? piece.codes + (packed ? at / 2 : at) : nullptr;
    const std::size_t alignment = packed ? kBlock / 2 : kBlock;
    const bool streaming = codes && piece.streaming && reinterpret_cast<std::uintptr_t>(codes) % alignment == 0;
    const auto *next = static_cast<const unsigned char *>(piece.next);
    return {codes, codeStore(piece.coding, packed, streaming), next ? next + at * bytesOf(piece.type) : nullptr};
}

/// Where the sums of a row go, chunk by chunk.
struct RowTotals {
    RowSums *sums;
    double perScale; ///< of the one scale: 1 / its square
    std::uint64_t zeroCodes = 0;
    std::uint64_t clipped = 0;
    float largest = 0;
};

/// Adds the lanes of a chunk, and empties them.
template <bool many> [[gnu::always_inline]] inline void flush(ChunkSums &chunk, RowTotals &totals)
{
    RowSums &sums = *totals.sums;
    alignas(64) double errors[kLanes] = {};
    addTo(errors, chunk.error);
    addTo(sums.cross, chunk.cross);
    if constexpr (many)
        addTo(sums.steps, chunk.steps);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sums.error[lane] += errors[lane];
        if constexpr (!many)
            sums.steps[lane] += errors[lane] * totals.perScale;
    }
    totals.zeroCodes += chunk.zeroCodes.total();
    chunk.error = Lanes::Zero();
    chunk.cross = Lanes::Zero();
    chunk.zeroCodes = ZeroCodeCounter();
}

/// What is left when the row is done.
inline void finish(const ChunkSums &chunk, std::size_t size, RowTotals &totals)
{
    totals.largest = largestOf(chunk.largest);
    totals.clipped = chunk.exact - chunk.unclipped.total();
    totals.zeroCodes -= (kBlock - size % kBlock) % kBlock; // without the padding
}

/// What is not in the sums of the row yet.
inline void addTo(QuantizePiece &piece, const RowTotals &totals)
{
    const auto largest = static_cast<double>(totals.largest);
    piece.sums->maxAbsError = piece.sums->maxAbsError > largest ? piece.sums->maxAbsError : largest;
    piece.clipped += totals.clipped;
    piece.zeroCodes += totals.zeroCodes;
}

} // namespace

} // namespace qs::QS_LEVEL
