// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Plans an export: recipe + model + format → what the file would hold, to the byte.
#pragma once

#include "core/analysis/analyze.h"
#include "core/base/task_context.h"
#include "core/base/text.h"
#include "core/export/folder.h"
#include "core/export/format.h"

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

namespace qs {

struct ExportOptions {
    bool overwrite = false;     ///< replace an existing file
    bool verifyAll = false;     ///< compare everything after writing, not only samples
    bool keepNonFinite = false; ///< layers with NaN or ∞ stay float instead of being refused
    bool allowUnmatched = false;
    bool unpacked = false; ///< a byte for each code, where the format would pack them
    /// Of formats with a tokenizer: kNoTokenizer, or a GGUF file with as many tokens, whose tokenizer is copied. Empty:
    /// the one beside the model, where it can be written.
    std::string tokenizer = {};
    /// When set, weights are not looked at unless something else is odd about a layer: all are taken for finite but
    /// those of these layers, which stay in float for the reasons. Whoever writes the file has to look
    /// (weight_check.h).
    std::optional<std::map<std::size_t, Text>> unseen = {};
    bool keepChannels = false; ///< what planning leaves in the cache is for a report with AnalyzeOptions::keepChannels
    AnalyzeOptions feed = {};  ///< what ranges and codes are chosen by, where inputs decide: as in the analysis
};

/// What will not fit into the file, or will surprise: one line of the list that is complete before a byte is written.
struct PreflightLine {
    enum class Level : std::uint8_t { Refused, Kept, Note }; ///< no file, a layer in float, for information
    Level level = Level::Note;
    std::string tensor; ///< empty when it is about the whole file
    Text reason;
    Text remedy; ///< empty when none is known
    RemedyEdit edit = {};
};

/// What an export would write: nothing is written while planning.
struct ExportPlan {
    std::uint64_t bytes = 0;         ///< exact size of the file; 0 when there is no such file
    std::vector<Decision> decisions; ///< as the format can hold them: layers it cannot hold are kept with the reason
    std::vector<Text> notes;         ///< for people: what the format keeps or changes
    std::vector<Text> refusals;      ///< why write would fail with Error{Work}; empty when it can go ahead
    std::vector<PreflightLine> preflight; ///< refusals, layers that the format keeps in float, and notes
    bool reopens = false;                 ///< our own reader opens the file as what it is

    std::size_t quantized() const; ///< layers
    /// Adds a refusal to both lists.
    void refuse(const Refusal &refusal, const std::string &tensor = {});
};

/// What about the target itself would make writing fail: it is an input, a folder, exists, or has no folder.
std::vector<Text> targetRefusals(const ExportFormat &format, const Model &model, const std::filesystem::path &target,
                                 const ExportOptions &options);

/// Nobody wants a file without a quantized layer of a model that has none either: true when the plan is for such a
/// file.
bool quantizesNothing(const Model &model, const ExportPlan &plan);

/// Of a plan that quantizes nothing, the layer whose reason says why: the first that the recipe quantizes by `wanted`,
/// else the first of all. Empty for a model without layers.
std::optional<std::size_t> layerThatSaysWhy(const ExportPlan &plan, const std::function<bool(std::size_t)> &wanted);

/// Exact size, decisions and refusals. Error as resolve(). `target` decides the container where a format has several.
/// Weights are read only of layers that the cache does not know.
Result<ExportPlan> planExport(const ExportFormat &format, const Model &model, const Recipe &recipe,
                              const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                              const TaskContext &context);

/// A plan with everything that writing needs. The model must outlive it.
struct PlannedFile {
    ExportPlan plan;
    const Container *container = nullptr;
    FileLayout layout;
    std::vector<SideFile> sideFiles = {};
    std::vector<FolderPart> folder = {}; ///< of formats that write folders: its files; `layout` sums them up then
};

/// planExport() for those who write.
Result<PlannedFile> planFile(const ExportFormat &format, const Model &model, const Recipe &recipe,
                             const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                             const TaskContext &context);

} // namespace qs
