// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/gguf/keys.h"

#include "core/formats/gguf/types.h"
#include "core/formats/gguf/values.h"

#include <algorithm>
#include <array>
#include <bit>

namespace qs::gguf {

namespace {

/// What llama.cpp writes as general.file_type for the type that most tensors have.
struct FileType {
    std::string_view type;
    std::uint32_t number;
};
constexpr std::array<FileType, 12> kFileTypes{{
    {"f32", 0},
    {"f16", 1},
    {"q4_0", 2},
    {"q4_1", 3},
    {"q8_0", 7},
    {"q5_0", 8},
    {"q5_1", 9},
    {"q2_k", 10},
    {"q4_k", 15},
    {"q5_k", 17},
    {"q6_k", 18},
    {"bf16", 32},
}};

} // namespace

void put(std::string &bytes, std::uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; ++i)
        bytes += static_cast<char>(value >> (8 * i) & 0xffU);
}

void putText(std::string &bytes, std::string_view text)
{
    put(bytes, text.size(), 8);
    bytes += text;
}

void KeyWriter::begin(std::string_view key, std::uint32_t type)
{
    putText(m_bytes, key);
    put(m_bytes, type, 4);
    ++m_count;
}

void KeyWriter::add(std::string_view key, std::uint32_t value)
{
    begin(key, static_cast<std::uint32_t>(ValueType::U32));
    put(m_bytes, value, 4);
}

void KeyWriter::add(std::string_view key, float value)
{
    begin(key, static_cast<std::uint32_t>(ValueType::F32));
    put(m_bytes, std::bit_cast<std::uint32_t>(value), 4);
}

void KeyWriter::add(std::string_view key, bool value)
{
    begin(key, static_cast<std::uint32_t>(ValueType::Bool));
    put(m_bytes, value ? 1 : 0, 1);
}

void KeyWriter::add(std::string_view key, std::string_view value)
{
    begin(key, static_cast<std::uint32_t>(ValueType::Text));
    putText(m_bytes, value);
}

void KeyWriter::add(std::string_view key, std::span<const std::string> values)
{
    begin(key, static_cast<std::uint32_t>(ValueType::Array));
    put(m_bytes, static_cast<std::uint32_t>(ValueType::Text), 4);
    put(m_bytes, values.size(), 8);
    for (const std::string &value : values)
        putText(m_bytes, value);
}

void KeyWriter::add(std::string_view key, std::span<const std::int32_t> values)
{
    begin(key, static_cast<std::uint32_t>(ValueType::Array));
    put(m_bytes, static_cast<std::uint32_t>(ValueType::I32), 4);
    put(m_bytes, values.size(), 8);
    for (const std::int32_t value : values)
        put(m_bytes, static_cast<std::uint32_t>(value), 4);
}

void KeyWriter::addAll(std::string_view bytes, std::uint64_t count)
{
    m_bytes += bytes;
    m_count += count;
}

std::uint32_t fileTypeOf(const std::map<std::uint32_t, std::size_t> &counts)
{
    std::uint32_t most = 0;
    std::size_t count = 0;
    for (const auto &[id, number] : counts) {
        const GgufType *type = ggufType(id);
        const GgufType *best = ggufType(most);
        const bool isBlocks = type != nullptr && type->dtype == DType::Encoded;
        const bool bestIsBlocks = best != nullptr && best->dtype == DType::Encoded;
        if (isBlocks != bestIsBlocks ? isBlocks : number > count) {
            most = id;
            count = number;
        }
    }
    const GgufType *type = ggufType(most);
    const std::string_view name = type == nullptr                 ? std::string_view()
                                  : type->dtype == DType::Encoded ? std::string_view(type->encoding.name)
                                                                  : nameOf(type->dtype);
    const auto found = std::ranges::find(kFileTypes, name, &FileType::type);
    return found == kFileTypes.end() ? 0 : found->number;
}

} // namespace qs::gguf
