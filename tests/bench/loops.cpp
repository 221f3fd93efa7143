// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once per level like the kernels, and like them without anything that the linker could share.
#include "tests/bench/loops.h"

#include <Eigen/Core>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace qs::bench::QS_LEVEL {

const Loops &table();

namespace {

constexpr std::size_t kBlock = 64; ///< bytes: one cache line, one AVX-512 register

/// A cache line of integers; the compiler splits it into the registers that the level has.
using Line = std::uint32_t __attribute__((vector_size(kBlock), may_alias));

/// The same at any address, for coded blocks.
using LineAnywhere = std::uint32_t __attribute__((vector_size(kBlock), may_alias, aligned(1)));

struct PlainStore {
    static void put(Line *to, const Line &line) { *to = line; }
};

struct StreamedStore {
    static void put(Line *to, const Line &line)
    {
#if defined(__AVX512F__)
        _mm512_stream_si512(reinterpret_cast<__m512i *>(to), reinterpret_cast<const __m512i &>(line));
#elif defined(__AVX__)
        const auto *parts = reinterpret_cast<const __m256i *>(&line);
        for (int i = 0; i < 2; ++i)
            _mm256_stream_si256(reinterpret_cast<__m256i *>(to) + i, parts[i]);
#elif defined(__SSE2__)
        const auto *parts = reinterpret_cast<const __m128i *>(&line);
        for (int i = 0; i < 4; ++i)
            _mm_stream_si128(reinterpret_cast<__m128i *>(to) + i, parts[i]);
#else
        *to = line;
#endif
    }
};

std::uint32_t read(const void *source, std::size_t bytes)
{
    const auto *lines = static_cast<const LineAnywhere *>(source);
    Line sums[4] = {};
    const std::size_t count = bytes / kBlock / 4 * 4;
    for (std::size_t i = 0; i < count; i += 4) {
        for (std::size_t k = 0; k < 4; ++k)
            sums[k] += lines[i + k];
    }
    const Line sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    std::uint32_t result = 0;
    for (std::size_t i = 0; i < kBlock / sizeof(std::uint32_t); ++i)
        result += sum[i];
    return result;
}

template <std::size_t width, class Store> void move(const void *source, std::size_t count, void *output)
{
    const auto *lines = static_cast<const Line *>(source);
    auto *to = static_cast<Line *>(output);
    const std::size_t outputs = count / kBlock;
    for (std::size_t i = 0; i < outputs; ++i) {
        Line line = lines[i * width];
        for (std::size_t k = 1; k < width; ++k)
            line ^= lines[i * width + k];
        Store::put(to + i, line);
    }
}

void eigenQuantize(const float *row, std::size_t count, float *scale, std::int8_t *codes)
{
    const auto size = static_cast<Eigen::Index>(count);
    const Eigen::Map<const Eigen::ArrayXf> x(row, size);
    constexpr float kSmallest = 0x1p-23F;
    const float largest = x.abs().maxCoeff() / 127.5F;
    *scale = largest > kSmallest ? largest : kSmallest;
    Eigen::Map<Eigen::Array<std::int8_t, Eigen::Dynamic, 1>>(codes, size) =
        (x / *scale).rint().max(-128.0F).min(127.0F).cast<std::int8_t>();
}

} // namespace

const Loops &table()
{
#if defined(__SSE2__)
    static constexpr Loops kLoops{
        read, move<4, PlainStore>, move<2, PlainStore>, move<4, StreamedStore>, move<2, StreamedStore>, eigenQuantize};
#else
    static constexpr Loops kLoops{read, move<4, PlainStore>, move<2, PlainStore>, nullptr, nullptr, eigenQuantize};
#endif
    return kLoops;
}

} // namespace qs::bench::QS_LEVEL
