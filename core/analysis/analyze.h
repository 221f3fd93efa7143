// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// analyze: Model + Recipe → Report, with caches that make live what-if possible.
#pragma once

#include "core/analysis/analysis_cache.h"
#include "core/analysis/report.h"
#include "core/base/task_context.h"
#include "core/eval/network_inputs.h"
#include "core/quant/teaching.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace qs {

struct ImportanceFile;

enum class OutputErrorRequest : std::uint8_t { Auto, Network, None };

struct AnalyzeOptions {
    OutputErrorRequest outputError = OutputErrorRequest::Auto;
    std::optional<Activation> activation;        ///< between layers; else recipe, else file, else ReLU
    std::shared_ptr<const NetworkInputs> inputs; ///< null: the model's samples, else random ones with `seed`
    std::uint64_t seed = 0;
    std::map<std::string, std::uint64_t> dims = {}; ///< of a graph: sizes of free dimensions by name
    std::optional<std::uint64_t> samples = {};      ///< of a graph: how many random ones
    bool heldOut = false; ///< of given samples only those that never choose scales or codes are measured
    std::shared_ptr<const ImportanceFile> importance = {}; ///< in place of what the network's layers are fed
    bool keepChannels = false; ///< keep scales per channel in the report (tables with --full, plots)
    bool previewKept = false;  ///< also quantize layers that are kept, to show what their scales would be
    bool allowUnmatched = false;
    Teaching teaching = {}; ///< slips in the weights that the network is run with; the weights' own errors ignore them
    /// What the network is run with in place of a layer's quantized weights, in the shape of its tensor; null: these.
    std::function<Result<ValuePtr>(std::size_t layer, const TaskContext &)> otherWeights = {};
    /// Layers that somebody waits for, asked for before each layer (from any thread, one call at a time): those of them
    /// that are still to be done go first, in that order. The report does not depend on it.
    std::function<std::vector<std::size_t>()> wanted = {};
    /// Hears of the report as soon as the network's total and the errors up to each layer are final, from any thread:
    /// only errors of layers alone may be missing in it. Not called when they are all there at once.
    std::function<void(std::shared_ptr<const Report>)> onTotal = {};
};

/// Called as soon as weight results of layer `index` are there (from any thread, one call at a time), and once more
/// for each layer whose output error was filled in afterwards.
using LayerCallback = std::function<void(std::size_t index, std::shared_ptr<const LayerReport>)>;

/// Errors: those of resolve(), of reading, of wrong inputs, Cancelled.
Result<std::shared_ptr<const Report>> analyze(const Model &model, const Recipe &recipe, const AnalyzeOptions &options,
                                              AnalysisCache &cache, const TaskContext &context,
                                              const LayerCallback &onLayer = {});

/// The same with decisions made already, one per layer, as by resolve(): the recipe then gives the activation only.
Result<std::shared_ptr<const Report>> analyzeDecisions(const Model &model, const Recipe &recipe,
                                                       std::vector<Decision> decisions, const AnalyzeOptions &options,
                                                       AnalysisCache &cache, const TaskContext &context,
                                                       const LayerCallback &onLayer = {});

} // namespace qs
