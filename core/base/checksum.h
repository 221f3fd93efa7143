// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Checksum: 128 bits of XXH3 over bytes, that files may keep.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace qs {

class InputFile;

/// Tells other bytes apart at the speed of memory; not against forgers. Numbers go in as eight bytes, low one first.
class Checksum
{
public:
    Checksum();
    ~Checksum();
    Checksum(const Checksum &) = delete;
    Checksum &operator=(const Checksum &) = delete;

    void add(std::span<const std::byte> bytes);
    void add(std::uint64_t number);
    /// Its length and its bytes.
    void add(std::string_view text);
    /// 32 hexadecimal digits, as `xxh128sum` writes them.
    std::string hex() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Of the first and last 64 KiB and of 30 blocks of 4 KiB between them, at equal distances: some milliseconds however
/// large the file is.
Result<std::string> sampleChecksum(const InputFile &file);

} // namespace qs
