// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes, values and counts by every rule, one weight after the other.
#include "core/kernels/code_rules.h"
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

/// What one chunk gives.
struct Chunk {
    alignas(64) float x[kChunk];
    alignas(64) float values[kChunk];
    alignas(64) std::int8_t codes[kChunk];
    std::uint64_t clipped = 0;
    std::uint64_t zeroCodes = 0;
};

/// Weights [begin, begin + size) of a chunk, under one scale.
template <CodeRule rule>
void addRun(Chunk &chunk, std::size_t begin, std::size_t size, const ScaleEntry &with, const Coding &coding)
{
    constexpr bool kOffsets = rule >= CodeRule::OffsetTruncate;
    const auto codeMin = static_cast<float>(coding.codeMin);
    const auto codeMax = static_cast<float>(coding.codeMax);
    const ScaleEntry entry = with;
    std::uint32_t clipped = 0;
    std::uint32_t zeroCodes = 0;
    for (std::size_t i = begin; i < begin + size; ++i) {
        const float rounded = unclamped<rule>(divided<rule>(chunk.x[i], entry, coding), entry, coding);
        const float clamped = rounded < codeMin ? codeMin : rounded > codeMax ? codeMax : rounded;
        const float steps = clamped - (kOffsets ? codeMin : entry.zeroPoint);
        const float value = steps * entry.stored + (kOffsets ? entry.offset : 0.0F);
        chunk.codes[i] = static_cast<std::int8_t>(static_cast<std::int32_t>(clamped));
        chunk.values[i] = kOffsets ? value : steps * entry.stored;
        clipped += rounded != clamped;
        zeroCodes += static_cast<std::uint32_t>(chunk.x[i] != 0.0F) &
                     static_cast<std::uint32_t>((kOffsets ? value : steps) == 0.0F);
    }
    chunk.clipped += clipped;
    chunk.zeroCodes += zeroCodes;
}

using AddRun = void (*)(Chunk &, std::size_t, std::size_t, const ScaleEntry &, const Coding &);

AddRun addRunOf(CodeRule rule)
{
    return withRule(rule, []<CodeRule known>() -> AddRun { return addRun<known>; });
}

void pack(const std::int8_t *codes, std::size_t size, std::int8_t *packed)
{
    for (std::size_t i = 0; i < size; i += 2) {
        const int high = i + 1 < size ? codes[i + 1] : 0;
        packed[i / 2] = static_cast<std::int8_t>((codes[i] & 15) | (high << 4));
    }
}

} // namespace

std::uint64_t quantizePlainly(QuantizePiece *piece, std::size_t at, std::size_t size)
{
    Chunk chunk;
    toFloats(static_cast<const unsigned char *>(piece->x) + at * bytesOf(piece->type), piece->type, size, chunk.x);
    const AddRun add = addRunOf(piece->coding.rule);
    for (std::size_t i = 0; i < size;) {
        const std::size_t same = smaller(sameScale(piece->scale, at + i, piece->count), size - i);
        add(chunk, i, same, scaleAt(piece->scale, at + i), piece->coding);
        i += same;
    }
    if (piece->counted || piece->sums) {
        piece->clipped += chunk.clipped;
        piece->zeroCodes += chunk.zeroCodes;
    }
    if (piece->codes && piece->layout == CodeLayout::Packed4)
        pack(chunk.codes, size, piece->codes + at / 2);
    else if (piece->codes)
        std::memcpy(piece->codes + at, chunk.codes, size);
    if (piece->values)
        std::memcpy(piece->values + at, chunk.values, size * sizeof(float));
    std::uint64_t zeros = 0;
    for (std::size_t i = 0; i < size; ++i)
        zeros += chunk.x[i] == 0.0F;
    if (!piece->sums)
        return zeros;
    ScaleRun run = piece->scale;
    run.phase += at;
    const MeasurePiece measured{chunk.x, chunk.values, size, &run, piece->wide};
    RowSums sums = *piece->sums;
    measure(&measured, &sums);
    if (piece->signalKnown) {
        std::memcpy(sums.signal, piece->sums->signal, sizeof sums.signal);
        sums.nonZero = piece->sums->nonZero;
    }
    *piece->sums = sums;
    return zeros;
}

} // namespace qs::QS_LEVEL
