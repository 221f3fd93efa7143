// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes, values and counts by every rule, one weight after the other.
#include "core/kernels/code_rules.h"
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

/// What one chunk gives.
struct Chunk {
    alignas(64) float x[kChunk + kLanes]; // a few more, which are read and do not count
    alignas(64) float values[kChunk];
    alignas(64) float codes[kChunk];
    std::uint64_t clipped = 0;
    std::uint64_t zeroCodes = 0;
};

/// Of every sixteenth weight; summed up in the end.
struct Counts {
    alignas(64) std::uint32_t of[kLanes] = {};

    std::uint64_t total() const
    {
        std::uint64_t sum = 0;
        for (const std::uint32_t count : of)
            sum += count;
        return sum;
    }
};

/// Weights [begin, begin + size) of a chunk, under one scale, at most kLanes of them: the loop becomes vectors, as its
/// arrays are its own and its length is known.
template <CodeRule rule>
[[gnu::always_inline]] inline void addLanes(Chunk &chunk, std::size_t begin, std::size_t size, const ScaleEntry &entry,
                                            const Coding &coding, Counts &clipped, Counts &zeroCodes)
{
    constexpr bool kOffsets = rule >= CodeRule::OffsetTruncate;
    const auto codeMin = static_cast<float>(coding.codeMin);
    const auto codeMax = static_cast<float>(coding.codeMax);
    alignas(64) float x[kLanes];
    alignas(64) float codes[kLanes];
    alignas(64) float values[kLanes];
    std::memcpy(x, chunk.x + begin, sizeof x); // the chunk is longer
    for (std::size_t i = 0; i < kLanes; ++i) {
        const float rounded = unclamped<rule>(divided<rule>(x[i], entry, coding), entry, coding);
        const float clamped = rounded < codeMin ? codeMin : rounded > codeMax ? codeMax : rounded;
        const float steps = clamped - (kOffsets ? codeMin : entry.zeroPoint);
        const float value = steps * entry.stored + (kOffsets ? entry.offset : 0.0F);
        const auto counts = static_cast<std::uint32_t>(i < size);
        codes[i] = clamped;
        values[i] = kOffsets ? value : steps * entry.stored;
        clipped.of[i] += counts & static_cast<std::uint32_t>(rounded != clamped);
        zeroCodes.of[i] += counts & static_cast<std::uint32_t>(x[i] != 0.0F) &
                           static_cast<std::uint32_t>((kOffsets ? value : steps) == 0.0F);
    }
    std::memcpy(chunk.codes + begin, codes, size * sizeof(float));
    std::memcpy(chunk.values + begin, values, size * sizeof(float));
}

/// Weights [at, at + size) of the piece, which the chunk has.
template <CodeRule rule, Arithmetic arithmetic>
void addRuns(Chunk &chunk, const QuantizePiece &piece, std::size_t at, std::size_t size)
{
    const Coding coding{rule, arithmetic, piece.coding.codeMin, piece.coding.codeMax};
    Counts clipped;
    Counts zeroCodes;
    forEachEntry(piece.scale, at, size, [&](std::size_t begin, std::size_t same, std::size_t index) {
        const ScaleEntry entry = entryOf(piece.scale, index);
        std::size_t i = begin;
        for (; i + kLanes <= begin + same; i += kLanes)
            addLanes<rule>(chunk, i, kLanes, entry, coding, clipped, zeroCodes);
        if (i < begin + same)
            addLanes<rule>(chunk, i, begin + same - i, entry, coding, clipped, zeroCodes);
    });
    chunk.clipped = clipped.total();
    chunk.zeroCodes = zeroCodes.total();
}

using AddRuns = void (*)(Chunk &, const QuantizePiece &, std::size_t, std::size_t);

AddRuns addRunsOf(const Coding &coding)
{
    if (coding.rule == CodeRule::DivideClampRound && coding.arithmetic == Arithmetic::F16)
        return addRuns<CodeRule::DivideClampRound, Arithmetic::F16>;
    if (coding.rule == CodeRule::DivideClampRound && coding.arithmetic == Arithmetic::BF16)
        return addRuns<CodeRule::DivideClampRound, Arithmetic::BF16>;
    return withRule(coding.rule, []<CodeRule known>() -> AddRuns { return addRuns<known, Arithmetic::F32>; });
}

void storeCodes(const Chunk &chunk, std::size_t size, CodeLayout layout, std::int8_t *target)
{
    const auto codeAt = [&](std::size_t i) {
        return static_cast<std::int8_t>(static_cast<std::int32_t>(chunk.codes[i]));
    };
    if (layout == CodeLayout::Int8) {
        for (std::size_t i = 0; i < size; ++i)
            target[i] = codeAt(i);
        return;
    }
    for (std::size_t i = 0; i < size; i += 2) {
        const int high = i + 1 < size ? codeAt(i + 1) : 0;
        target[i / 2] = static_cast<std::int8_t>((codeAt(i) & 15) | (high << 4));
    }
}

} // namespace

std::uint64_t quantizePlainly(QuantizePiece *piece, std::size_t at, std::size_t size)
{
    Chunk chunk;
    toFloats(static_cast<const unsigned char *>(piece->x) + at * bytesOf(piece->type), piece->type, size, chunk.x);
    std::memset(chunk.x + size, 0, kLanes * sizeof(float));
    addRunsOf(piece->coding)(chunk, *piece, at, size);
    if (piece->counted || piece->sums) {
        piece->clipped += chunk.clipped;
        piece->zeroCodes += chunk.zeroCodes;
    }
    if (piece->codes)
        storeCodes(chunk, size, piece->layout, piece->codes + (piece->layout == CodeLayout::Packed4 ? at / 2 : at));
    if (piece->values)
        std::memcpy(piece->values + at, chunk.values, size * sizeof(float));
    if (!piece->sums)
        return 0;
    ScaleRun run = piece->scale;
    run.phase += at;
    const MeasurePiece measured{chunk.x, chunk.values, size, &run, piece->wide};
    if (piece->signalKnown)
        return measureErrors(measured, piece->sums);
    measure(&measured, piece->sums);
    return 0;
}

} // namespace qs::QS_LEVEL
