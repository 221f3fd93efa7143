// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// float32 ↔ float16 / bfloat16, rounded to nearest, ties to even (FORMATS.md §2.3), and values of 8-bit floats.
#pragma once

#include "core/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qs {

std::uint16_t toF16(float value);
float fromF16(std::uint16_t bits);
std::uint16_t toBf16(float value);
float fromBf16(std::uint16_t bits);

/// `value` rounded to f16 or bf16 and back; f32 and f64 hold it as it is.
float roundTo(DType type, float value);

/// Values of the 256 codes of an 8-bit float type of FORMATS.md §2.2 (e4m3fn, e5m2, e4m3fnuz or e5m2fnuz).
std::span<const float, 256> smallFloatTable(DType type);

/// Writes values as little-endian f64, f32, f16 or bf16; `bytes` gets exactly count · size bytes.
void encodeFloats(DType type, std::span<const float> values, std::vector<std::byte> &bytes);

} // namespace qs
