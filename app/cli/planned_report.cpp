// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/planned_report.h"

#include "core/recipe/pattern.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace qs::cli {
namespace {

constexpr double kPlanShare = 0.9; // of the time: it is the plan that looks at the weights

/// The recipe with the format's own decisions at its end, so that errors and sizes are those of the file: layers that
/// it cannot hold are kept, and a scheme that it changes (gpt-fast stores scales in the weights' type) is changed.
Recipe asPlanned(Recipe recipe, const std::vector<Decision> &asked, const ExportPlan &plan, const Model &model)
{
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const Decision &planned = plan.decisions[i];
        if (!asked[i].quantize || planned == asked[i])
            continue;
        Rule rule;
        rule.match = exactPattern(model.layers[i].name);
        if (planned.quantize)
            rule.scheme.scaleType = planned.scheme.scaleType;
        else
            rule.action = Rule::Action::Exclude;
        recipe.rules.push_back(std::move(rule));
    }
    return recipe;
}

/// Puts the format's own reasons in place of those of the rules that asPlanned() added.
void takeReasons(Report &report, const ExportPlan &plan)
{
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const Decision &planned = plan.decisions[i];
        if (planned.quantize || report.layers[i]->decision.quantize ||
            report.layers[i]->decision.reason == planned.reason)
            continue;
        auto layer = std::make_shared<LayerReport>(*report.layers[i]);
        layer->decision.reason = planned.reason;
        report.layers[i] = std::move(layer);
    }
}

} // namespace

Result<const Exporter *> exporterFor(const std::string &name)
{
    if (const Exporter *exporter = findExporter(name))
        return exporter;
    std::vector<std::string_view> names;
    for (const Exporter &exporter : exporters())
        names.push_back(exporter.name);
    return fail(ErrorCode::Usage,
                fmt::format("format '{}' is unknown, expected one of {}", name, fmt::join(names, ", ")), "--format");
}

Error refusalError(const ExportPlan &plan)
{
    std::string text = plan.refusals.front();
    if (plan.refusals.size() > 1)
        text += fmt::format(" (and {} more, --dry-run lists them)", plan.refusals.size() - 1);
    return {ErrorCode::Work, text, {}};
}

Result<PlannedReport> planAndAnalyze(const Model &model, const RecipeOptions &options, const PlanRequest &request,
                                     AnalysisCache &cache, const TaskContext &context)
{
    PlannedReport result;
    QS_ASSIGN(result.recipe, options.recipe(model));
    QS_ASSIGN(const std::vector<Decision> asked, resolve(result.recipe, model, options.allowUnmatched()));
    QS_ASSIGN(AnalyzeOptions analyzeOptions, options.analyzeOptions());
    analyzeOptions.keepChannels = request.keepChannels;
    ExportOptions exportOptions = request.exportOptions;
    exportOptions.keepChannels = request.keepChannels;
    QS_ASSIGN(result.plan, planExport(*request.exporter, model, result.recipe, request.target, exportOptions,
                                      context.part(0, kPlanShare)));
    const bool formatHolds = result.plan.refusals.empty();
    if (!formatHolds)
        result.plan.bytes = 0; // there is no such file
    if (request.writesTarget)
        std::ranges::move(targetRefusals(model, request.target, request.exportOptions),
                          std::back_inserter(result.plan.refusals));
    if (request.stopWhenRefused && !result.plan.refusals.empty())
        return std::unexpected(refusalError(result.plan));

    const Recipe recipe = formatHolds ? asPlanned(result.recipe, asked, result.plan, model) : result.recipe;
    QS_ASSIGN(const auto report, analyze(model, recipe, analyzeOptions, cache, context.part(kPlanShare, 1)));
    result.report = *report;
    if (formatHolds)
        takeReasons(result.report, result.plan);
    return result;
}

} // namespace qs::cli
