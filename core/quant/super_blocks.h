// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the codes of ggml's K blocks lie: Q4_K and Q5_K (8 groups of 32 with offsets), Q6_K (16 groups of 16).
#pragma once

#include "core/quant/code_packer.h"

namespace qs {

inline constexpr std::size_t kSuperBlockCodes = 256;

/// Of a block with codes of 4, 5 or 6 bits.
std::size_t superBlockBytes(int bits);
/// Writes block number `block` of a row. Scales and offsets must be multiples of a common f16 number by whole ones of 6
/// bits, the largest 63, or of 8 bits, the largest −128 (Q6_K): both are found again from them. Where the common number
/// is 0 the whole ones are, too.
void packSuperBlock(int bits, const CodeRow &row, std::size_t block, std::byte *bytes);
void unpackSuperBlock(int bits, const std::byte *bytes, std::size_t block, const UnpackedRow &row);

// Little-endian f16.
void putHalf(float value, std::byte *bytes);
float getHalf(const std::byte *bytes);

} // namespace qs
