// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/dtype.h"

#include <array>
#include <cstddef>

namespace qs {
namespace {

struct Entry {
    DType type;
    unsigned bits;
    std::string_view name;
    std::string_view safetensors;
};

// One row per type, in the order of the enumeration.
constexpr std::array<Entry, kDTypeCount> kTable{{
    {DType::Bool, 8, "bool", "BOOL"},
    {DType::F4, 4, "f4", "F4"},
    {DType::F6E2M3, 6, "f6_e2m3", "F6_E2M3"},
    {DType::F6E3M2, 6, "f6_e3m2", "F6_E3M2"},
    {DType::U8, 8, "u8", "U8"},
    {DType::I8, 8, "i8", "I8"},
    {DType::F8E5M2, 8, "f8_e5m2", "F8_E5M2"},
    {DType::F8E4M3, 8, "f8_e4m3", "F8_E4M3"},
    {DType::F8E8M0, 8, "f8_e8m0", "F8_E8M0"},
    {DType::F8E4M3Fnuz, 8, "f8_e4m3fnuz", "F8_E4M3FNUZ"},
    {DType::F8E5M2Fnuz, 8, "f8_e5m2fnuz", "F8_E5M2FNUZ"},
    {DType::I16, 16, "i16", "I16"},
    {DType::U16, 16, "u16", "U16"},
    {DType::F16, 16, "f16", "F16"},
    {DType::BF16, 16, "bf16", "BF16"},
    {DType::I32, 32, "i32", "I32"},
    {DType::U32, 32, "u32", "U32"},
    {DType::F32, 32, "f32", "F32"},
    {DType::C64, 64, "c64", "C64"},
    {DType::F64, 64, "f64", "F64"},
    {DType::I64, 64, "i64", "I64"},
    {DType::U64, 64, "u64", "U64"},
    {DType::I4, 4, "i4", ""},
    {DType::U4, 4, "u4", ""},
    {DType::I2, 2, "i2", ""},
    {DType::U2, 2, "u2", ""},
    {DType::U3, 3, "u3", ""},
    {DType::U5, 5, "u5", ""},
    {DType::U6, 6, "u6", ""},
    {DType::U7, 7, "u7", ""},
    {DType::Encoded, 0, "encoded", ""},
}};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kTable.size(); ++i)
        if (static_cast<std::size_t>(kTable[i].type) != i)
            return false;
    return true;
}
static_assert(inOrder());

const Entry &entryOf(DType type)
{
    return kTable[static_cast<std::size_t>(type)];
}

std::optional<DType> find(std::string_view name, std::string_view Entry::*member)
{
    for (const Entry &entry : kTable)
        if (!name.empty() && entry.*member == name)
            return entry.type;
    return std::nullopt;
}

} // namespace

unsigned bitsOf(DType type)
{
    return entryOf(type).bits;
}

std::string_view nameOf(DType type)
{
    return entryOf(type).name;
}

std::string_view safetensorsNameOf(DType type)
{
    return entryOf(type).safetensors;
}

std::optional<DType> dtypeFromSafetensors(std::string_view name)
{
    return find(name, &Entry::safetensors);
}

std::optional<DType> dtypeFromName(std::string_view name)
{
    return find(name, &Entry::name);
}

bool isWeightFloat(DType type)
{
    return type == DType::F32 || type == DType::F16 || type == DType::BF16 || type == DType::F64;
}

bool isDecodedFloat(DType type)
{
    switch (type) {
    case DType::F8E4M3:
    case DType::F8E5M2:
    case DType::F8E4M3Fnuz:
    case DType::F8E5M2Fnuz:
        return true;
    default:
        return isWeightFloat(type);
    }
}

bool isInteger(DType type)
{
    switch (type) {
    case DType::Bool:
    case DType::U8:
    case DType::I8:
    case DType::I16:
    case DType::U16:
    case DType::I32:
    case DType::U32:
    case DType::I64:
    case DType::U64:
    case DType::I4:
    case DType::U4:
    case DType::I2:
    case DType::U2:
        return true;
    default:
        return false;
    }
}

} // namespace qs
