// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders of blocks that hold their own scales (ggml's types), one table per instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace qs {

/// The layouts of FORMATS.md §3.3.3, by ggml's names, and NVFP4: 64 codes in four parts of 16 with a scale each.
enum class BlockCoding : std::uint8_t {
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q8_1,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    Q8K,
    Iq4Nl,
    Iq4Xs,
    Mxfp4,
    Nvfp4,
    Tq1,
    Tq2,
};
inline constexpr std::size_t kBlockCodings = 18;

/// Values of `blocks` consecutive blocks, each product and sum rounded to float32 as the formulas say. The source may
/// be misaligned.
using BlockDecoder = void (*)(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);

struct BlockDecoders {
    BlockDecoder decode[kBlockCodings];
};

/// The decoder of the level that kernels() uses.
BlockDecoder blockDecoder(BlockCoding coding);

} // namespace qs
