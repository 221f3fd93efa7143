// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Element types of tensors.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace qs {

/// Element types by our own names (FORMATS.md §2.1). Up to U64 the order is safetensors' rank, low to high; what
/// follows are packed integers (low bits first, of ONNX and of our own files) and Encoded, which
/// TensorInfo::encoding explains.
enum class DType : std::uint8_t {
    Bool, F4, F6E2M3, F6E3M2, U8, I8, F8E5M2, F8E4M3, F8E8M0, F8E4M3Fnuz, F8E5M2Fnuz,
    I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64, I4, U4, I2, U2, U3, U5, U6, U7, Encoded,
};
inline constexpr int kDTypeCount = 31;

/// Bits of one element; 0 for Encoded.
unsigned bitsOf(DType type);
/// Lower-case name on screen and in JSON: "f32", "bf16", "i8".
std::string_view nameOf(DType type);
/// Name in safetensors files: "F32", "BF16", "I8", "F8_E4M3"; empty for types that they cannot hold.
std::string_view safetensorsNameOf(DType type);
std::optional<DType> dtypeFromSafetensors(std::string_view name);
/// From our own lower-case name.
std::optional<DType> dtypeFromName(std::string_view name);
/// f64, f32, f16, bf16: what can be quantized.
bool isWeightFloat(DType type);
/// Floats that are decoded to float32 exactly: those of isWeightFloat() and the 8-bit ones.
bool isDecodedFloat(DType type);
/// Whole numbers and bool, up to 64 bits.
bool isInteger(DType type);

} // namespace qs
