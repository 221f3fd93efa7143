// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Other types to float32, and codes back to values.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

void dequantize(const std::int8_t *codes, std::size_t count, const ScaleRun *scale, int codeMin, float *values)
{
    for (std::size_t at = 0; at < count;) {
        const std::size_t size = sameScale(*scale, at, count);
        const ScaleEntry with = scaleAt(*scale, at);
        const float *offset = scale->offsets;
        const float zero = offset ? static_cast<float>(codeMin) : with.zeroPoint;
        for (std::size_t i = at; i < at + size; ++i)
            values[i] = (static_cast<float>(codes[i]) - zero) * with.stored;
        for (std::size_t i = at; offset && i < at + size; ++i)
            values[i] += with.offset;
        at += size;
    }
}

void fromBf16(const void *source, std::size_t count, float *values)
{
    const auto *bytes = static_cast<const unsigned char *>(source);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, bytes + 2 * i, sizeof half);
        const std::uint32_t bits = static_cast<std::uint32_t>(half) << 16;
        std::memcpy(values + i, &bits, sizeof bits);
    }
}

void fromF16(const void *source, std::size_t count, float *values)
{
    // Shift exponent and mantissa into place and multiply by 2^112, which rebiases normal numbers and normalises
    // subnormal ones exactly; infinity and NaN keep their all-ones exponent.
    const auto *bytes = static_cast<const unsigned char *>(source);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, bytes + 2 * i, sizeof half);
        const std::uint32_t magnitude = static_cast<std::uint32_t>(half & 0x7fffU) << 13;
        float scaled = 0;
        std::memcpy(&scaled, &magnitude, sizeof scaled);
        scaled *= 0x1p112F;
        std::uint32_t bits = 0;
        std::memcpy(&bits, &scaled, sizeof bits);
        bits = (half & 0x7c00U) == 0x7c00U ? (magnitude | 0x7f800000U) : bits;
        bits |= static_cast<std::uint32_t>(half & 0x8000U) << 16;
        std::memcpy(values + i, &bits, sizeof bits);
    }
}

void fromF64(const void *source, std::size_t count, float *values)
{
    const auto *bytes = static_cast<const unsigned char *>(source);
    for (std::size_t i = 0; i < count; ++i) {
        double value = 0;
        std::memcpy(&value, bytes + 8 * i, sizeof value);
        values[i] = static_cast<float>(value);
    }
}

} // namespace qs::QS_LEVEL
