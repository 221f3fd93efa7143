// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a merge leaves in the folder of the parts, so that it can be asked for again.
#pragma once

#include "core/base/task_context.h"
#include "core/shards/work.h"

#include <optional>

namespace qs {

struct MergedOutput {
    std::uint64_t bytes = 0;
    std::string checksum; ///< of the output, the files of a folder in their order one behind the other
    std::string report;   ///< JSON, or empty
};

std::filesystem::path recordPath(const std::filesystem::path &folder);

/// Keeps it, before the output gets its name: whoever is stopped in between finds no output, and goes on.
Result<void> recordMerge(const Work &work, const std::filesystem::path &folder, const MergedOutput &output);
/// Whether a merge of the work has come as far as that, whatever became of its output.
bool wasMerged(const Work &work, const std::filesystem::path &folder);
/// What was kept, when the output is there and has those very bytes; else nothing.
Result<std::optional<MergedOutput>> findMerged(const Work &work, const std::filesystem::path &folder,
                                               const TaskContext &context);

} // namespace qs
