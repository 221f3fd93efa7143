// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes the ZIP layer: the directory, and what the first entries unpack to.
#include "core/base/input_file.h"
#include "core/parse/zip.h"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20U; // of one entry
    constexpr std::size_t kMostEntries = 16;
    const auto archive = qs::InputFile::fromMemory(std::as_bytes(std::span(data, size)), "fuzzed");
    const qs::Result<qs::zip::Directory> directory = qs::zip::readDirectory(*archive, "fuzzed");
    if (!directory)
        return 0;
    for (std::size_t i = 0; i < std::min(directory->entries.size(), kMostEntries); ++i) {
        const qs::zip::Entry &entry = directory->entries[i];
        const std::uint64_t limit = std::min(entry.size, kMostBytes);
        std::uint64_t unpacked = 0;
        const auto count = [&](std::span<const std::byte> bytes) -> qs::Result<void> {
            unpacked += bytes.size();
            return {};
        };
        const auto crc = qs::zip::unpack(*archive, entry, limit, "fuzzed", {}, count);
        if (unpacked > limit || (crc && unpacked != limit))
            std::abort(); // more than was allowed, or less and no error
    }
    return 0;
}
