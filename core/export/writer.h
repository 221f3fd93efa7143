// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes an export: plan → file.
#pragma once

#include "core/export/layout_writer.h"
#include "core/export/planner.h"

namespace qs {

/// Writes `target` atomically: complete or not at all; never over one of the model's own files.
/// Error{Work} for refusals, an existing target without overwrite, a full or read-only folder.
Result<ExportPlan> writeExport(const ExportFormat &format, const Model &model, const Recipe &recipe,
                               const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                               const TaskContext &context);

/// The same, with the bytes of the tensors from `payload` in place of their producers.
Result<ExportPlan> writeExportFrom(const PayloadWriter &payload, const ExportFormat &format, const Model &model,
                                   const Recipe &recipe, const std::filesystem::path &target,
                                   const ExportOptions &options, AnalysisCache &cache, const TaskContext &context);

} // namespace qs
