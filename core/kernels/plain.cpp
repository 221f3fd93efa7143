// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes, values and counts by every rule, one weight after the other.
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

/// `x` rounded to a float with `mantissaBits` (without the hidden one), halves to even, and exponents from `lowest` on.
float roundedTo(float x, int mantissaBits, int lowest, float largest)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    int exponent = static_cast<int>((bits >> 23U) & 255U) - 127;
    exponent = exponent < lowest ? lowest : exponent;
    const float quantum = std::ldexp(1.0F, exponent - mantissaBits);
    const float result = std::nearbyint(x / quantum) * quantum;
    return std::fabs(result) > largest ? std::copysign(HUGE_VALF, x) : result;
}

float roundedTo(float x, Arithmetic arithmetic)
{
    switch (arithmetic) {
    case Arithmetic::F16:
        return roundedTo(x, 10, -14, 65504.0F);
    case Arithmetic::BF16:
        return roundedTo(x, 7, -126, 0x1.FEp127F);
    case Arithmetic::F32:
        break;
    }
    return x;
}

/// 0 for 0 · ∞, which a subnormal scale gives.
float number(float x)
{
    return x == x ? x : 0.0F;
}

/// The code before it is clamped, as a whole number in float.
template <CodeRule rule> float unclamped(float x, const ScaleEntry &with, const Coding &coding)
{
    const auto codeMin = static_cast<float>(coding.codeMin);
    if constexpr (rule == CodeRule::Divide)
        return std::nearbyint(with.scale == 0 ? 0.0F : x / with.scale) + with.zeroPoint;
    if constexpr (rule == CodeRule::DivideClampRound) {
        const float quotient = roundedTo(with.scale == 0 ? 0.0F : x / with.scale, coding.arithmetic);
        return std::nearbyint(roundedTo(quotient + with.zeroPoint, coding.arithmetic));
    }
    if constexpr (rule == CodeRule::Reciprocal)
        return std::nearbyint(number(x * with.inverse)) + with.zeroPoint;
    if constexpr (rule == CodeRule::ReciprocalAway)
        return std::round(number(x * with.inverse)) + with.zeroPoint;
    if constexpr (rule == CodeRule::ExtentAway) {
        const auto extent = static_cast<double>(with.scale);
        const double step = (extent > kLeastExtent ? extent : kLeastExtent) / ((coding.codeMax - coding.codeMin) / 2.0);
        return static_cast<float>(std::round(static_cast<double>(x) / step));
    }
    if constexpr (rule == CodeRule::Truncate)
        return std::trunc(number(x * with.inverse) + (0.5F - codeMin)) + codeMin;
    if constexpr (rule == CodeRule::OffsetTruncate)
        return std::trunc(number((x - with.codeOffset) * with.inverse) + 0.5F) + codeMin;
    if constexpr (rule == CodeRule::OffsetRint)
        return std::nearbyint(number(x * with.inverse + -with.codeOffset * with.inverse)) + codeMin;
}

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
    constexpr bool kOffsets = rule == CodeRule::OffsetTruncate || rule == CodeRule::OffsetRint;
    const auto codeMin = static_cast<float>(coding.codeMin);
    const auto codeMax = static_cast<float>(coding.codeMax);
    const ScaleEntry entry = with;
    std::uint32_t clipped = 0;
    std::uint32_t zeroCodes = 0;
    for (std::size_t i = begin; i < begin + size; ++i) {
        const float rounded = unclamped<rule>(chunk.x[i], entry, coding);
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
    switch (rule) {
    case CodeRule::Divide:
        break;
    case CodeRule::Reciprocal:
        return addRun<CodeRule::Reciprocal>;
    case CodeRule::DivideClampRound:
        return addRun<CodeRule::DivideClampRound>;
    case CodeRule::ReciprocalAway:
        return addRun<CodeRule::ReciprocalAway>;
    case CodeRule::ExtentAway:
        return addRun<CodeRule::ExtentAway>;
    case CodeRule::Truncate:
        return addRun<CodeRule::Truncate>;
    case CodeRule::OffsetTruncate:
        return addRun<CodeRule::OffsetTruncate>;
    case CodeRule::OffsetRint:
        return addRun<CodeRule::OffsetRint>;
    }
    return addRun<CodeRule::Divide>;
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
