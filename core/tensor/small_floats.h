// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// float32 ↔ float16 / bfloat16, rounded to nearest, ties to even (formats.md §2.3).
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

/// Writes values as little-endian f64, f32, f16 or bf16; `bytes` gets exactly count · size bytes.
void encodeFloats(DType type, std::span<const float> values, std::vector<std::byte> &bytes);

} // namespace qs
