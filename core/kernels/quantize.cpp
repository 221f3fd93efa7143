// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes, values and counts by every rule, one chunk at a time.
#include "core/kernels/level.h"

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
float unclamped(float x, const ScaleEntry &with, const Coding &coding)
{
    const auto codeMin = static_cast<float>(coding.codeMin);
    const float product = number(x * with.inverse);
    switch (coding.rule) {
    case CodeRule::Divide:
        return std::nearbyint(with.scale == 0 ? 0.0F : x / with.scale) + with.zeroPoint;
    case CodeRule::DivideClampRound: {
        const float quotient = roundedTo(with.scale == 0 ? 0.0F : x / with.scale, coding.arithmetic);
        return std::nearbyint(roundedTo(quotient + with.zeroPoint, coding.arithmetic));
    }
    case CodeRule::Reciprocal:
        return std::nearbyint(product) + with.zeroPoint;
    case CodeRule::ReciprocalAway:
        return std::round(product) + with.zeroPoint;
    case CodeRule::Truncate:
        return std::trunc(product + (0.5F - codeMin)) + codeMin;
    case CodeRule::OffsetTruncate:
        return std::trunc(number((x - with.codeOffset) * with.inverse) + 0.5F) + codeMin;
    case CodeRule::OffsetRint:
        return std::nearbyint(number(product + -with.codeOffset * with.inverse)) + codeMin;
    }
    return 0;
}

/// Up to kChunk weights under one scale.
void quantizeChunk(const float *x, std::size_t size, const ScaleEntry &with, QuantizePiece *piece, std::int8_t *codes,
                   float *values)
{
    const auto codeMin = static_cast<float>(piece->coding.codeMin);
    const auto codeMax = static_cast<float>(piece->coding.codeMax);
    const bool offsets = piece->coding.rule == CodeRule::OffsetTruncate || piece->coding.rule == CodeRule::OffsetRint;
    for (std::size_t i = 0; i < size; ++i) {
        const float rounded = unclamped(x[i], with, piece->coding);
        const float clamped = rounded < codeMin ? codeMin : rounded > codeMax ? codeMax : rounded;
        codes[i] = static_cast<std::int8_t>(static_cast<std::int32_t>(clamped));
        values[i] = offsets ? (clamped - codeMin) * with.stored + with.offset
                            : (clamped - with.zeroPoint) * with.stored;
        piece->clipped += rounded != clamped;
        piece->zeroCodes += x[i] != 0.0F && (offsets ? values[i] == 0.0F : clamped == with.zeroPoint);
    }
}

void pack(const std::int8_t *codes, std::size_t size, std::int8_t *packed)
{
    for (std::size_t i = 0; i < size; i += 2) {
        const int high = i + 1 < size ? codes[i + 1] : 0;
        packed[i / 2] = static_cast<std::int8_t>((codes[i] & 15) | (high << 4));
    }
}

} // namespace

void quantize(QuantizePiece *piece)
{
    const auto *bytes = static_cast<const unsigned char *>(piece->x);
    const std::size_t element = piece->type == FloatType::F32 ? 4 : 2;
    for (std::size_t at = 0; at < piece->count; at += kChunk) {
        const std::size_t size = smaller(kChunk, piece->count - at);
        alignas(64) float x[kChunk];
        alignas(64) float values[kChunk];
        alignas(64) std::int8_t codes[kChunk];
        if (piece->type == FloatType::F32)
            std::memcpy(x, bytes + at * element, size * element);
        else
            (piece->type == FloatType::F16 ? fromF16 : fromBf16)(bytes + at * element, size, x);
        for (std::size_t i = 0; i < size;) {
            const std::size_t same = smaller(sameScale(piece->scale, at + i, piece->count), size - i);
            quantizeChunk(x + i, same, scaleAt(piece->scale, at + i), piece, codes + i, values + i);
            i += same;
        }
        if (piece->codes && piece->layout == CodeLayout::Packed4)
            pack(codes, size, piece->codes + at / 2);
        else if (piece->codes)
            std::memcpy(piece->codes + at, codes, size);
        if (piece->values)
            std::memcpy(piece->values + at, values, size * sizeof(float));
        if (piece->sums) {
            ScaleRun run = piece->scale;
            run.phase += at;
            const MeasurePiece measured{x, values, size, &run, piece->wide};
            RowSums known = *piece->sums;
            measure(&measured, piece->sums);
            if (piece->signalKnown) {
                std::memcpy(piece->sums->signal, known.signal, sizeof known.signal);
                piece->sums->nonZero = known.nonZero;
            }
        }
    }
}

} // namespace qs::QS_LEVEL
