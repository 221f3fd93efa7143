// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads that are no bytes of the file, above all deflated ZIP entries, in a file without a name.
#pragma once

#include "core/base/scratch_file.h"
#include "core/parse/zip.h"

#include <optional>

namespace qs {

/// Unpacks entries of one archive, one behind the other. Holds nothing in memory.
class UnpackedEntries
{
public:
    /// `where` names the archive; both must outlive this.
    UnpackedEntries(const InputFile &archive, const std::string &where, const TaskContext &context);

    /// Unpacks a whole entry; returns where it begins. Error{Input} when it is damaged, its checksum is wrong, or all
    /// entries together are larger than what an archive of this size may hold: zip::kMaxRatio times its size, 64 GiB at
    /// most.
    Result<std::uint64_t> add(const zip::Entry &entry);
    /// Adds bytes that stand elsewhere; returns where they begin.
    Result<std::uint64_t> add(std::span<const std::byte> bytes);
    /// All that was added; null when nothing was.
    Result<std::shared_ptr<const InputFile>> finish();

private:
    const InputFile &m_archive;
    const std::string &m_where;
    const TaskContext &m_context;
    std::optional<ScratchFile> m_file;
};

} // namespace qs
