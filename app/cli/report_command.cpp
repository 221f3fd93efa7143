// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/options.h"
#include "app/cli/text.h"

#include "core/analysis/compare.h"
#include "core/analysis/compared_network.h"
#include "core/base/atomic_file.h"
#include "core/formats/open_model.h"
#include "core/layers/recipe_roles.h"
#include "core/recipe/bulk_edit.h"
#include "core/reports/node_data.h"
#include "core/reports/number_text.h"
#include "core/reports/report_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>

namespace qs::cli {
namespace {

struct ReportOptions {
    std::string model;
    std::string part;
    std::string output;
    std::string compared;
    std::string nodeData;
    RecipeOptions recipe;
    bool force = false;
};

/// Another model beside the first one, with what it takes to show it.
struct Beside {
    std::shared_ptr<const Model> model;
    Comparison comparison;
    ComparedReport compared;
};

/// `like`: how the first model is analysed, so that both have the same kind of error.
Result<Beside> besides(const std::string &location, const Model &reference, const AnalyzeOptions &like,
                       std::optional<Activation> activation, const TaskContext &context)
{
    Beside other;
    QS_ASSIGN(other.model, openModel(location, context));
    QS_CHECK(requireComplete(*other.model));
    QS_ASSIGN(other.comparison, compare(reference, *other.model, context));
    LayerIndices all(other.model->layers.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    Recipe keeping;
    setQuantized(keeping, *other.model, {}, all);
    AnalyzeOptions options;
    options.outputError = OutputErrorRequest::None;
    options.allowUnmatched = true;
    AnalysisCache cache;
    QS_ASSIGN(const auto report, analyze(*other.model, keeping, options, cache, context));
    other.compared = comparedReport(reference, *other.model, other.comparison, *report);
    QS_ASSIGN(other.compared.report,
              comparedNetwork(reference, *other.model, other.compared, like, activation, context));
    return other;
}

Result<Outcome> run(const ReportOptions &options, const TaskContext &context)
{
    QS_CHECK(options.recipe.check());
    QS_ASSIGN(auto model, openModel(options.model, context, options.part));
    QS_CHECK(requireComplete(*model));
    QS_ASSIGN(const Recipe recipe, options.recipe.recipe(*model));
    QS_ASSIGN(model, withRoles(std::move(model), recipe));
    QS_ASSIGN(AnalyzeOptions analyzeOptions, options.recipe.analyzeOptions(context));
    analyzeOptions.allowUnmatched = options.recipe.allowUnmatched();
    AnalysisCache cache;
    QS_ASSIGN(const auto report, analyze(*model, recipe, analyzeOptions, cache, context));
    std::string html;
    if (options.compared.empty()) {
        html = reportHtml(*model, recipe, *report);
    } else {
        analyzeOptions.heldOut = analyzeOptions.heldOut || !report->chosenOn.empty();
        QS_ASSIGN(const Beside other,
                  besides(options.compared, *model, analyzeOptions,
                          analyzeOptions.activation ? analyzeOptions.activation : recipe.activation, context));
        const ComparedSide side{
            .title = other.model->title, .report = other.compared.report.get(), .comparison = &other.comparison};
        html = reportHtml(*model, recipe, *report, &side);
    }
    if (!options.nodeData.empty()) {
        const auto activation = analyzeOptions.activation ? analyzeOptions.activation : recipe.activation;
        QS_ASSIGN(const std::string nodes, nodeDataJson(*model, *report, activation, context));
        QS_CHECK(writeWholeFile(options.nodeData, nodes, options.force));
    }
    QS_CHECK(writeWholeFile(options.output, html, options.force));
    return Outcome{.text = fmt::format("Wrote {}, {} bytes\n", printable(options.output), countText(html.size())),
                   .wroteFile = true};
}

} // namespace

Command reportCommand()
{
    auto options = std::make_shared<ReportOptions>();
    Command command{.name = "report",
                    .help = "Write a report as one HTML file that needs nothing else",
                    .options = {modelArgument(options->model),
                                partOption(options->part),
                                {.name = "-o,--output",
                                 .target = &options->output,
                                 .help = "File to write",
                                 .valueName = "OUT.html",
                                 .required = true,
                                 .writesFile = true},
                                {.name = "--compare",
                                 .target = &options->compared,
                                 .help = "A second model, shown as B beside the first one",
                                 .valueName = "OTHER"},
                                {.name = "--node-data",
                                 .target = &options->nodeData,
                                 .help = "Also write the errors as node data for Model Explorer",
                                 .valueName = "OUT.json"},
                                {.name = "--force", .target = &options->force, .help = "Replace an existing file"}},
                    .run = [options](const TaskContext &context) { return run(*options, context); }};
    std::ranges::move(options->recipe.options(), std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
