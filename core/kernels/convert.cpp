// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Other types to float32, and codes back to values.
#include "core/kernels/lanes.h"

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

namespace {

template <FloatType type> void convert(const unsigned char *source, std::size_t count, float *values)
{
    const std::size_t whole = count / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes)
        Eigen::Map<Lanes>(values + i) = load<type>(source + i * kBytesOf<type>);
    if (whole < count) {
        unsigned char padded[kLanes * kBytesOf<type>] = {};
        std::memcpy(padded, source + whole * kBytesOf<type>, (count - whole) * kBytesOf<type>);
        const Lanes last = load<type>(padded);
        std::memcpy(values + whole, last.data(), (count - whole) * sizeof(float));
    }
}

} // namespace

void toFloats(const unsigned char *source, FloatType type, std::size_t count, float *values)
{
    switch (type) {
    case FloatType::F32:
        std::memcpy(values, source, count * sizeof(float));
        return;
    case FloatType::F16:
        return convert<FloatType::F16>(source, count, values);
    case FloatType::BF16:
        return convert<FloatType::BF16>(source, count, values);
    }
}

void fromBf16(const void *source, std::size_t count, float *values)
{
    convert<FloatType::BF16>(static_cast<const unsigned char *>(source), count, values);
}

void fromF16(const void *source, std::size_t count, float *values)
{
    convert<FloatType::F16>(static_cast<const unsigned char *>(source), count, values);
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
