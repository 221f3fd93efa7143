// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PlannedReport: what a recipe does to a model when it is exported in a format.
#pragma once

#include "app/cli/options.h"

#include "core/analysis/analyze.h"
#include "core/export/exporter.h"

#include <filesystem>
#include <memory>
#include <string>

namespace qs::cli {

struct PlannedReport {
    Recipe recipe;
    ExportPlan plan;
    Report report; ///< layers that the format cannot hold are kept, with the format's reason
};

/// Usage error that lists the formats when there is none of that name.
Result<const Exporter *> exporterFor(const std::string &name);

struct PlanRequest {
    const Exporter *exporter = nullptr;
    std::filesystem::path target;
    ExportOptions exportOptions;
    bool keepChannels = false;    ///< all scales in the report
    bool writesTarget = false;    ///< also refuse what is wrong with the target itself
    bool stopWhenRefused = false; ///< Error{Work} with the first refusal before anything is analyzed
};

/// Builds the recipe, plans the export and analyzes the model as the plan keeps its layers.
Result<PlannedReport> planAndAnalyze(const Model &model, const RecipeOptions &options, const PlanRequest &request,
                                     AnalysisCache &cache, const TaskContext &context);

/// The plan's refusals as one error.
Error refusalError(const ExportPlan &plan);

} // namespace qs::cli
