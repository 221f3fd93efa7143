// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The interface of exporters: recipe + model → file.
#pragma once

#include "core/base/task_context.h"
#include "core/recipe/recipe.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

class AnalysisCache;

struct ExportOptions {
    bool overwrite = false;     ///< replace an existing file
    bool verifyAll = false;     ///< compare everything after writing, not only samples
    bool keepNonFinite = false; ///< layers with NaN or ∞ stay float instead of being refused
    bool allowUnmatched = false;
    bool keepChannels = false; ///< what planning leaves in the cache is for a report with AnalyzeOptions::keepChannels
    AnalysisCache *cache = nullptr; ///< reuses what analyze() found out; null: a cache of its own
};

/// What an export would write: nothing is written while planning.
struct ExportPlan {
    std::uint64_t bytes = 0;           ///< exact size of the file
    std::vector<Decision> decisions;   ///< as the format can hold them: layers it cannot hold are kept with the reason
    std::vector<std::string> notes;    ///< for people: what the format keeps or changes
    std::vector<std::string> refusals; ///< why write would fail with Error{Work}; empty when it can go ahead
};

/// One target format, listed in exporters().
struct Exporter {
    std::string_view name;        ///< "safetensors", "gpt-fast", "float"
    std::string_view description; ///< one line for people
    std::string_view suffixes;    ///< for file dialogs: "*.pth *.pt *.safetensors"
    std::string_view suffix;      ///< proposed for new files: ".safetensors"
};

std::span<const Exporter> exporters();
const Exporter *findExporter(std::string_view name);

/// What about the target itself would make writing fail: it is an input, a folder, exists, or has no folder.
std::vector<std::string> targetRefusals(const Model &model, const std::filesystem::path &target,
                                        const ExportOptions &options);

/// Exact size, decisions and refusals. Error as resolve(). `target` decides the container where a format has several.
Result<ExportPlan> planExport(const Exporter &exporter, const Model &model, const Recipe &recipe,
                              const std::filesystem::path &target, const ExportOptions &options,
                              const TaskContext &context);

/// Writes `target` atomically: complete or not at all; never over one of the model's own files.
/// Error{Work} for refusals, an existing target without overwrite, a full or read-only folder.
Result<ExportPlan> writeExport(const Exporter &exporter, const Model &model, const Recipe &recipe,
                               const std::filesystem::path &target, const ExportOptions &options,
                               const TaskContext &context);

/// The command line that does the same as the window's export.
std::string exportCommand(const Exporter &exporter, const std::string &modelPath, const std::string &target,
                          const std::string &recipePath);

} // namespace qs
