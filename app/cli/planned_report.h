// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PlannedReport: what a recipe does to a model when it is exported in a format.
#pragma once

#include "app/cli/options.h"

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

/// Builds the recipe, plans the export to `target` and analyzes the model as the plan keeps its layers.
/// With `stopWhenRefused`, the plan's first refusal is returned as Error{Work} before anything is analyzed.
Result<PlannedReport> planAndAnalyze(const Model &model, const RecipeOptions &options, bool keepChannels,
                                     const Exporter &exporter, const std::filesystem::path &target,
                                     const ExportOptions &exportOptions, bool stopWhenRefused,
                                     const TaskContext &context);

/// The plan's refusals as one error.
Error refusalError(const ExportPlan &plan);

} // namespace qs::cli
