// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The option that names an export format, and what the command line says of plans.
#pragma once

#include "app/cli/command.h"

#include "core/export/preview.h"
#include "core/reports/report_json.h"

#include <string>

namespace qs::cli {

/// Name of the format that is taken without the option.
std::string defaultFormat();
/// "safetensors (default), gpt-fast or float".
std::string formatNames();
/// Usage error that lists the formats when there is none of that name.
Result<const ExportFormat *> formatNamed(const std::string &name);
/// The same for a file to write: without a name, the first format that proposes files with its suffix.
Result<const ExportFormat *> formatNamed(const std::string &name, const std::filesystem::path &target);

/// Why the file would hold no quantized layer, and what can be done about it; empty when it holds one, or the model
/// did. `wanted` are the decisions of the recipe.
std::string nothingQuantized(const Model &model, const ExportFormat &format, const ExportPlan &plan,
                             std::span<const Decision> wanted);

/// What speaks against writing a plan that has no refusals of its own: the target, or that nothing would be quantized.
Result<std::vector<Text>> otherRefusals(const Model &model, const ExportFormat &format, const ExportPlan &plan,
                                        const Recipe &recipe, const std::filesystem::path &target,
                                        const ExportOptions &options);

/// The report as JSON; `output`: where it was written, empty for none; `troubles`: what screening has found, if anybody
/// asked for it.
std::function<void(const TextSink &)> jsonWriter(std::shared_ptr<const Model> model, Preview file, bool full,
                                                 std::string output,
                                                 std::optional<std::vector<Trouble>> troubles = std::nullopt);

/// The same as a text.
std::string reportJson(std::shared_ptr<const Model> model, const Preview &file, std::string output);

/// Error{Usage} when no such file can be made of the model, whatever the recipe: the format, or the suffix that stands
/// for it, is the wrong one.
Result<void> checkSource(const ExportFormat &format, const Model &model);

/// The plan's refusals as one error; of Usage where checkSource() gives one.
Error refusalError(const ExportFormat &format, const Model &model, const ExportPlan &plan);

} // namespace qs::cli
