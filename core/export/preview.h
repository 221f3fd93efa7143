// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Preview: what a file would be like before it is written: its plan, and the report of its layers.
#pragma once

#include "core/analysis/analyze.h"
#include "core/export/planner.h"

namespace qs {

struct Preview {
    const ExportFormat *format = nullptr;
    ExportPlan plan;
    /// Of the layers as the file holds them. When the format refuses the recipe there is no such file: then of the
    /// layers as the recipe wants them.
    std::shared_ptr<const Report> report;
};

/// Plans and analyzes. Refusals are part of the plan, with plan.bytes 0; those of the target itself are not looked for.
/// Errors of resolve(), of the target's suffix, of reading, Cancelled; Error{Usage} while AnalyzeOptions::teaching has
/// slips.
Result<Preview> preview(const ExportFormat &format, const Model &model, const Recipe &recipe,
                        const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                        const AnalyzeOptions &analyzeOptions, const TaskContext &context);

/// The same of a plan that has been made, with its refusals.
Result<Preview> previewPlan(const ExportFormat &format, ExportPlan plan, const Model &model, const Recipe &recipe,
                            AnalysisCache &cache, const AnalyzeOptions &analyzeOptions, const TaskContext &context);

} // namespace qs
