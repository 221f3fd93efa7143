// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/element_types.h"

#include <array>

namespace qs::onnx {
namespace {

using enum DataField;

// In the order of their numbers, from 1 on.
constexpr std::array<ElementType, kMaxDataType> kTypes{{
    {"FLOAT", DType::F32, 32, Float, 1, {}},
    {"UINT8", DType::U8, 8, Int32, 1, {}},
    {"INT8", DType::I8, 8, Int32, 1, {}},
    {"UINT16", DType::U16, 16, Int32, 1, {}},
    {"INT16", DType::I16, 16, Int32, 1, {}},
    {"INT32", DType::I32, 32, Int32, 1, {}},
    {"INT64", DType::I64, 64, Int64, 1, {}},
    {"STRING", std::nullopt, 0, String, 1, "string"},
    {"BOOL", DType::Bool, 8, Int32, 1, {}},
    {"FLOAT16", DType::F16, 16, Int32, 1, {}},
    {"DOUBLE", DType::F64, 64, Double, 1, {}},
    {"UINT32", DType::U32, 32, Uint64, 1, {}},
    {"UINT64", DType::U64, 64, Uint64, 1, {}},
    {"COMPLEX64", DType::C64, 64, Float, 2, {}},
    {"COMPLEX128", std::nullopt, 128, Double, 2, "c128"},
    {"BFLOAT16", DType::BF16, 16, Int32, 1, {}},
    {"FLOAT8E4M3FN", DType::F8E4M3, 8, Int32, 1, {}},
    {"FLOAT8E4M3FNUZ", DType::F8E4M3Fnuz, 8, Int32, 1, {}},
    {"FLOAT8E5M2", DType::F8E5M2, 8, Int32, 1, {}},
    {"FLOAT8E5M2FNUZ", DType::F8E5M2Fnuz, 8, Int32, 1, {}},
    {"UINT4", DType::U4, 4, Int32, 1, {}},
    {"INT4", DType::I4, 4, Int32, 1, {}},
    {"FLOAT4E2M1", DType::F4, 4, Int32, 1, {}},
    {"FLOAT8E8M0", DType::F8E8M0, 8, Int32, 1, {}},
    {"UINT2", DType::U2, 2, Int32, 1, {}},
    {"INT2", DType::I2, 2, Int32, 1, {}},
    {"FLOAT6E2M3", DType::F6E2M3, 6, Int32, 1, {}},
    {"FLOAT6E3M2", DType::F6E3M2, 6, Int32, 1, {}},
}};

} // namespace

std::string_view nameOf(DataField field)
{
    switch (field) {
    case Float:
        return "float_data";
    case Int32:
        return "int32_data";
    case String:
        return "string_data";
    case Int64:
        return "int64_data";
    case Raw:
        return "raw_data";
    case Double:
        return "double_data";
    case Uint64:
        break;
    }
    return "uint64_data";
}

const ElementType *elementType(std::int64_t dataType)
{
    if (dataType < 1 || dataType > kMaxDataType)
        return nullptr;
    return &kTypes[static_cast<std::size_t>(dataType - 1)];
}

} // namespace qs::onnx
