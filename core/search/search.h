// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// search: the best scheme of each layer for a budget, as a recipe.
#pragma once

#include "core/analysis/analyze.h"
#include "core/export/format.h"
#include "core/recipe/recipe.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace qs {

/// By what choices are compared.
enum class SearchMetric : std::uint8_t {
    Output, ///< relative error of the network's output
    Weight, ///< relative error of all weights together: a screening number
};

/// What may not be exceeded; the other one becomes as small as it can.
struct SizeBudget {
    std::uint64_t bytes = 0; ///< of the whole file
};
struct BitsBudget {
    double perWeight = 0; ///< over all layers that can be quantized, scales and kept ones included
};
struct ErrorBudget {
    double relative = 0;
};
using SearchBudget = std::variant<SizeBudget, BitsBudget, ErrorBudget>;

/// Layers that match get no less; the last one that matches counts.
struct LeastBits {
    std::string pattern;
    int bits = kMinBits;
};

struct SearchOptions {
    SearchBudget budget;
    std::vector<int> bits = {2, 3, 4, 8};
    std::vector<Granularity> granularities; ///< empty: the recipe's
    std::vector<RangeMethod> ranges;        ///< empty: the recipe's
    bool keep = true;                       ///< layers may stay in float
    /// Layers that match one of these and lie in the same module get the same choice: queries, keys and values.
    std::vector<std::string> together;
    std::vector<LeastBits> least;
    std::optional<SearchMetric> metric; ///< empty: output where the network is run, else weight
    double seconds = 60;                ///< for measured runs that improve what was found
    AnalyzeOptions analysis;            ///< what the network is fed
    std::stop_token enough = {};        ///< ends measured runs early: the best so far is the answer
};

/// A model under a recipe: how large, and how much it loses.
struct SearchPoint {
    std::uint64_t bytes = 0; ///< of the file
    double predicted = 0;    ///< relative error: root of the sum of squares of the layers' own
    std::optional<double> measured;
    Text label;   ///< of uniform ones: their scheme
    int bits = 0; ///< of uniform ones
};

/// What became of one layer that could be decided.
struct SearchLayer {
    std::size_t layer = 0;
    bool quantize = true;
    Scheme scheme;           ///< when it is quantized
    double error = 0;        ///< its own part of the prediction, relative
    std::uint64_t bytes = 0; ///< in the file
};

struct SearchResult {
    Recipe recipe;
    SearchMetric metric = SearchMetric::Output;
    SearchPoint found;
    double bitsPerWeight = 0; ///< as in BitsBudget
    /// No recipe of these choices within the budget has a smaller predicted error.
    double bound = 0;
    bool exact = true; ///< the prediction could not be smaller
    std::vector<SearchLayer> layers;
    std::vector<SearchPoint> uniform;  ///< all layers alike, by descending bytes
    std::vector<SearchPoint> frontier; ///< by ascending bytes; a part of it where it is long
    std::size_t measuredRuns = 0;
    bool stoppedByTime = false; ///< or because it was enough
    Text inputs;                ///< what the network was fed, or why it was not run
    std::vector<Text> warnings; ///< what to think of the numbers
};

/// Layers that the recipe keeps, or gives another scheme than the default, stay as they are; all others get one of the
/// choices that the format holds. Errors of single layers are measured, one choice after the other; where the budget is
/// met best follows from them (Frontier), and measured runs of whole candidates improve on it until none helps or time
/// is up. The same every time, unless time is up. Errors: budgets that cannot be met (Usage, with the smallest size or
/// error there is), choices that no layer can have, those of analyze() and planExport().
Result<SearchResult> search(const Model &model, const Recipe &recipe, const ExportFormat &format,
                            const SearchOptions &options, AnalysisCache &cache, const TaskContext &context);

} // namespace qs
