// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernels/block_decoders.h"
#include "core/kernels/kernels.h"
#include "tests/bench/cases.h"
#include "tests/bench/loops.h"

#include <fmt/format.h>

#include <algorithm>

namespace qs::bench {

namespace {

constexpr std::size_t kRowWeights = 4096;

struct Coded {
    const char *name;
    BlockCoding coding;
    std::size_t blockWeights;
    std::size_t blockBytes;

    std::size_t rowBytes() const { return kRowWeights / blockWeights * blockBytes; }
};

constexpr Coded kCoded[] = {
    {"Q4_K", BlockCoding::Q4K, 256, 144},
    {"Q6_K", BlockCoding::Q6K, 256, 210},
    {"Q8_0", BlockCoding::Q8_0, 32, 34},
};

/// Row after row into the same memory, as a block of values is used before the next one is made.
void decodeRows(BlockDecoder decode, const Coded &coded, const std::byte *source, std::size_t rows)
{
    alignas(64) thread_local float values[kRowWeights];
    for (std::size_t row = 0; row < rows; ++row)
        decode(source + row * coded.rowBytes(), kRowWeights / coded.blockWeights, false, values);
}

} // namespace

std::vector<Case> decodeCases(const Buffer<std::byte> &blocks)
{
    std::vector<Case> result;
    for (const Coded &coded : kCoded) {
        const std::size_t rows = blocks.size() / coded.rowBytes();
        const std::string roof = fmt::format("read {}", coded.name);
        const auto read = [&, loop = loopsFor(levels().front()).read](std::size_t first, std::size_t count) {
            loop(blocks.data() + first * coded.rowBytes(), count * coded.rowBytes());
        };
        result.push_back({roof, "", "", [=] { overRows(rows, coded.rowBytes(), read); },
                          static_cast<double>(rows * coded.rowBytes())});
        for (const char *level : levels()) {
            useKernels(kernelsForLevel(level));
            const auto decode = [&, decoder = blockDecoder(coded.coding)](std::size_t first, std::size_t count) {
                decodeRows(decoder, coded, blocks.data() + first * coded.rowBytes(), count);
            };
            result.push_back({fmt::format("{} to float", coded.name), level, roof,
                              [=] { overRows(rows, coded.rowBytes(), decode); }});
        }
        useKernels(nullptr);
    }
    return result;
}

} // namespace qs::bench
