// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the output of what the units have written.
#pragma once

#include "core/analysis/analyze.h"
#include "core/export/preview.h"
#include "core/shards/merged_output.h"

#include <functional>

namespace qs {

/// Fills the cache with what all units have found out, so that planning, report and merging read no weights.
/// Error{Work} that lists the units that are not done.
Result<void> takeReports(const Work &work, const std::filesystem::path &folder, AnalysisCache &cache,
                         const TaskContext &context);

/// The file and its report, as on one machine: after takeReports() with its cache.
Result<Preview> previewWork(const Work &work, const AnalyzeOptions &analyzeOptions, AnalysisCache &cache,
                            const TaskContext &context);

/// The report that is to be kept with the output.
using KeptReport = std::function<Result<std::string>(const ExportPlan &plan)>;

struct Merged {
    ExportPlan plan;
    MergedOutput output;
};

/// Writes into the output in the making what no unit writes, reads all of it back, keeps its checksum and report in the
/// folder of the parts (findMerged()), and gives the output its name, a file or a folder, as writeExport() does. May be
/// done again whenever it was stopped. Error{Input} names the unit that has other bytes than its report says: it is to
/// be done again; no output is there then.
Result<Merged> mergeParts(const Work &work, const std::filesystem::path &folder, bool verifyAll,
                          const KeptReport &report, AnalysisCache &cache, const TaskContext &context);

/// Removes what the units of the work have left and their reports, and the folder when nothing else is in it.
void removeParts(const Work &work, const std::filesystem::path &folder);

} // namespace qs
