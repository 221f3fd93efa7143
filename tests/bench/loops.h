// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What kernels are compared with: loops that only move memory, and a plain Eigen expression; one set per level.
#pragma once

#include <cstddef>
#include <cstdint>

namespace qs::bench {

/// Counts are multiples of 64 weights; sources and outputs start at multiples of 64 bytes.
struct Loops {
    /// The memory is read, its sum returned; at any address, whole blocks of 256 bytes.
    std::uint32_t (*read)(const void *source, std::size_t bytes);
    /// One byte is written for each `width` (4 or 2) bytes that are read, with as little arithmetic as there can be.
    void (*read4Write1)(const void *source, std::size_t count, void *output);
    void (*read2Write1)(const void *source, std::size_t count, void *output);
    /// The same with stores that pass the caches by; null where the level has none.
    void (*read4Write1Streamed)(const void *source, std::size_t count, void *output);
    void (*read2Write1Streamed)(const void *source, std::size_t count, void *output);
    /// A row to symmetric int8 with its scale, written as Eigen's users would.
    void (*eigenQuantize)(const float *row, std::size_t count, float *scale, std::int8_t *codes);
};

/// Loops compiled for a level that the processor has ("v2", "v3", "v4", "generic"; see kernels.h).
const Loops &loopsFor(const char *level);

} // namespace qs::bench
