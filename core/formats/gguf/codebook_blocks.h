// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders of ggml's types whose codes are numbers of points in a codebook. Blocks hold 256 values.
#pragma once

#include <cstddef>

namespace qs::gguf {

// All as Encoding::decode; products and sums are rounded to float32 in the order of ggml's formulas.
void decodeIq1S(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);
void decodeIq1M(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);
void decodeIq2Xxs(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);
void decodeIq2Xs(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);
void decodeIq2S(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);
void decodeIq3Xxs(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);
void decodeIq3S(const std::byte *source, std::size_t blocks, bool bigEndian, float *values);

} // namespace qs::gguf
