// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Entries of ZIP archives, stored and aligned, whose payloads are written elsewhere.
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/task_context.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qs {

struct FileLayout;

/// One entry of an archive. Its bytes begin at a multiple of 64.
struct ZipEntry {
    std::string name;
    std::uint64_t size = 0; ///< of all its bytes; placeZipEntries() makes it as large as `bytes` at least
    std::string bytes = {}; ///< that stand first; a payload may follow
    std::uint64_t headerOffset = 0;
    std::uint64_t dataOffset = 0;
    std::uint32_t crc = 0;

    bool large() const { return size >= 0xffffffffU; }
    bool hasPayload() const { return size > bytes.size(); }
};

/// Gives the entries their offsets, one behind the other, and the layout what stands around payloads, and its size.
void placeZipEntries(std::vector<ZipEntry> &entries, FileLayout &layout);
/// Writes checksums of payloads, and the directory.
Result<void> finishZip(std::vector<ZipEntry> entries, AtomicFile &file, const TaskContext &context);

} // namespace qs
