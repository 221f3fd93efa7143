// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ZIP archives from files that nobody vouches for: a checked directory, and entries unpacked with limits.
#pragma once

#include "core/base/task_context.h"
#include "core/base/text.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qs {
class InputFile;
}

namespace qs::zip {

inline constexpr std::size_t kMaxEntries = 2'000'100; // as many tensors as readers take, and what stands beside them
inline constexpr std::size_t kMaxNameBytes = 4096;    // the longest path of the usual systems
/// Deflate cannot shrink to less than 1/1032: who claims more lies.
inline constexpr std::uint64_t kMaxRatio = 1100;

struct Entry {
    std::string name; ///< valid UTF-8; a folder's ends with '/'
    std::uint64_t headerOffset = 0;
    std::uint64_t dataOffset = 0; ///< of the payload
    std::uint64_t storedSize = 0;
    std::uint64_t size = 0; ///< unpacked; equals storedSize unless deflated
    std::uint32_t crc = 0;
    bool deflated = false;
    std::uint64_t end = 0; ///< of the payload and what describes it

    bool isFolder() const { return name.ends_with('/'); }
};

struct Directory {
    std::vector<Entry> entries; ///< in the order of the central directory
    std::vector<Text> warnings;

    const Entry *find(std::string_view name) const;
};

/// True when the first bytes are those of an entry. Nothing is searched for: what starts
/// otherwise is no archive, even if one hangs behind it.
bool startsLikeArchive(std::span<const std::byte> head);
/// Name of the first entry that is no folder, as far as it can be told from the first bytes; else empty.
std::string_view firstFileName(std::span<const std::byte> head);

/// Lists the entries of an archive (FORMATS.md §3.5). Central directory, local headers and data
/// descriptors must agree, names must be unique and harmless, payloads must not overlap. Single disk, stored or
/// deflated, not encrypted. Error{Input} with the field, its byte, the value and what was expected.
Result<Directory> readDirectory(const InputFile &file, const std::string &where);

/// Takes unpacked bytes, in order.
using Sink = std::function<Result<void>(std::span<const std::byte>)>;

/// Hands the first `limit` unpacked bytes of an entry to `sink`, in pieces of at most 1 MiB. Error{Input} when the
/// deflated stream is damaged, ends early, or, read whole, has another size than the directory says. Returns the
/// checksum of what was handed over: crc says what it should be for the whole entry.
Result<std::uint32_t> unpack(const InputFile &archive, const Entry &entry, std::uint64_t limit,
                             const std::string &where, const TaskContext &context, const Sink &sink);

} // namespace qs::zip
