// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What codes of up to 8 bits stand for, and the usual ways to pack them.
#pragma once

#include "core/quant/number_grid.h"

namespace qs {

/// code − `zero`, for unsigned codes of `bits` bits.
std::vector<float> unsignedMeaning(unsigned bits, int zero = 0);
/// Two's complement.
std::vector<float> signedMeaning(unsigned bits);
/// The 16 values of E2M1 (FORMATS.md §2.2).
std::vector<float> e2m1Meaning();
/// 2^(code − 127); NaN for 255.
std::vector<float> e8m0Meaning();
/// The 256 values of an 8-bit float type.
std::vector<float> smallFloatMeaning(DType type);

/// One code per element of a byte.
Packing bytePacking(std::vector<float> meaning);
/// Codes along the rows of elements of `elementBits` bits, low bits first: whole ones in each element where they divide
/// it, else a stream.
Packing rowPacking(unsigned bits, unsigned elementBits, std::vector<float> meaning);
/// Codes down the columns of 32-bit words, low bits first.
Packing downPacking(unsigned bits, std::vector<float> meaning);
/// Two codes per byte, the first in the high half.
Packing highFirstPacking(std::vector<float> meaning);
/// Eight codes of 4 bits per word in AWQ's order: those of even outputs in the low half.
Packing awqPacking(std::vector<float> meaning);
/// `count` parts of the codes, one behind the other, in the same elements: the first one lowest, or highest.
Packing planePacking(unsigned bits, unsigned count, bool firstHighest, std::vector<float> meaning);

} // namespace qs
