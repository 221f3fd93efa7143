// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of GGUF keys and tensor lists (FORMATS.md §3.3).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qs::gguf {

void put(std::string &bytes, std::uint64_t value, unsigned size);
void putText(std::string &bytes, std::string_view text);

/// Keys one behind the other.
class KeyWriter
{
public:
    void add(std::string_view key, std::uint32_t value);
    void add(std::string_view key, float value);
    void add(std::string_view key, bool value);
    void add(std::string_view key, std::string_view value);
    void add(std::string_view key, const char *value) { add(key, std::string_view(value)); }
    void add(std::string_view key, std::span<const std::string> values);
    void add(std::string_view key, std::span<const std::int32_t> values);
    /// What other keys hold, as they stand in a file.
    void addAll(std::string_view bytes, std::uint64_t count);

    std::uint64_t count() const { return m_count; }
    const std::string &bytes() const { return m_bytes; }

private:
    void begin(std::string_view key, std::uint32_t type);

    std::string m_bytes;
    std::uint64_t m_count = 0;
};

/// What llama.cpp writes as general.file_type: of the type that most tensors with two or more axes have, blocks before
/// floats. `counts` by the numbers of types.
std::uint32_t fileTypeOf(const std::map<std::uint32_t, std::size_t> &counts);

} // namespace qs::gguf
