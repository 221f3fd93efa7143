// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/options.h"
#include "app/cli/text.h"

#include "core/analysis/compare.h"
#include "core/analysis/compared_report.h"
#include "core/base/atomic_file.h"
#include "core/formats/open_model.h"
#include "core/layers/recipe_roles.h"
#include "core/recipe/bulk_edit.h"
#include "core/reports/number_text.h"
#include "core/reports/report_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <numeric>

namespace qs::cli {
namespace {

struct ReportOptions {
    std::string model;
    std::string part;
    std::string output;
    std::string compared;
    RecipeOptions recipe;
    bool force = false;
};

/// Another model beside the first one, with what it takes to show it.
struct Beside {
    std::shared_ptr<const Model> model;
    Comparison comparison;
    ComparedReport compared;
};

Result<Beside> besides(const std::string &location, const Model &reference, const TaskContext &context)
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
        QS_ASSIGN(const Beside other, besides(options.compared, *model, context));
        const ComparedSide side{.title = other.model->title,
                                .report = other.compared.report.get(),
                                .comparison = &other.comparison};
        html = reportHtml(*model, recipe, *report, &side);
    }
    QS_ASSIGN(const auto file, AtomicFile::create(options.output, html.size(), options.force));
    QS_CHECK(file->write(0, std::as_bytes(std::span(html))));
    QS_CHECK(file->commit());
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
                                {.name = "--force", .target = &options->force, .help = "Replace an existing file"}},
                    .run = [options](const TaskContext &context) { return run(*options, context); }};
    std::ranges::move(options->recipe.options(), std::back_inserter(command.options));
    return command;
}

} // namespace qs::cli
