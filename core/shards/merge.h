// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the output of its parts.
#pragma once

#include "core/analysis/analyze.h"
#include "core/export/preview.h"
#include "core/shards/work.h"

namespace qs {

/// Fills the cache with what all units have found out, so that planning, report and merging read no weights.
/// Error{Work} that lists the units that are not done.
Result<void> takeReports(const Work &work, const std::filesystem::path &folder, AnalysisCache &cache,
                         const TaskContext &context);

/// The file and its report, as on one machine: after takeReports() with its cache.
Result<Preview> previewWork(const Work &work, const AnalyzeOptions &analyzeOptions, AnalysisCache &cache,
                            const TaskContext &context);

/// Writes the output, a file or a folder, as writeExport() does, with the tensors of the parts. Error{Input} names the
/// unit whose part is missing or has other bytes than its report says: it is to be done again; nothing is written then.
Result<ExportPlan> mergeParts(const Work &work, const std::filesystem::path &folder, bool verifyAll,
                              AnalysisCache &cache, const TaskContext &context);

/// What a merge leaves beside the parts, so that it can be asked for again.
struct MergedOutput {
    std::uint64_t bytes = 0;
    std::string checksum; ///< of the output, the files of a folder in their order one behind the other
    std::string report;   ///< JSON, as it was given to recordMerge()
};

/// Keeps the checksum of the output and its report in the folder of the parts.
Result<MergedOutput> recordMerge(const Work &work, const std::filesystem::path &folder, std::string report,
                                 const TaskContext &context);
/// What recordMerge() kept, when the output is there and has those very bytes; else nothing.
Result<std::optional<MergedOutput>> findMerged(const Work &work, const std::filesystem::path &folder,
                                               const TaskContext &context);

/// Removes the parts of the work and their reports, and the folder when nothing else is in it.
void removeParts(const Work &work, const std::filesystem::path &folder);

} // namespace qs
