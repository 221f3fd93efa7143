// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/preview.h"

namespace qs {

namespace {

constexpr double kPlanShare = 0.9; // of the time: it is the plan that looks at the weights

/// The report with the plan's reasons for layers that stay as they are: it is the plan that decided about the file.
/// That stored scales are no numbers, the report says beside why the layer stays.
std::shared_ptr<const Report> withReasons(std::shared_ptr<const Report> report, const ExportPlan &plan)
{
    auto result = std::make_shared<Report>(*report);
    for (std::size_t i = 0; i < result->layers.size(); ++i) {
        const Decision &kept = result->layers[i]->decision;
        const DecidedBy planned = plan.decisions[i].by;
        if (kept.quantize || kept.by == planned || (kept.by == DecidedBy::Data && planned == DecidedBy::File))
            continue;
        auto layer = std::make_shared<LayerReport>(*result->layers[i]);
        layer->decision.by = plan.decisions[i].by;
        layer->decision.rule = plan.decisions[i].rule;
        layer->decision.reason = plan.decisions[i].reason;
        result->layers[i] = std::move(layer);
    }
    return result;
}

/// A file never holds weights with the slips of a lesson.
Result<void> withoutSlips(const Teaching &teaching)
{
    if (teaching.any())
        return fail(ErrorCode::Usage, Text::of("a slip of a lesson is switched on: no file is made with it"));
    return {};
}

} // namespace

Result<Preview> preview(const ExportFormat &format, const Model &model, const Recipe &recipe,
                        const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                        const AnalyzeOptions &analyzeOptions, const TaskContext &context)
{
    QS_CHECK(withoutSlips(analyzeOptions.teaching));
    ExportOptions planOptions = options;
    planOptions.keepChannels = analyzeOptions.keepChannels;
    QS_ASSIGN(ExportPlan plan,
              planExport(format, model, recipe, target, planOptions, cache, context.part(0, kPlanShare)));
    return previewPlan(format, std::move(plan), model, recipe, cache, analyzeOptions, context.part(kPlanShare, 1));
}

Result<Preview> previewPlan(const ExportFormat &format, ExportPlan plan, const Model &model, const Recipe &recipe,
                            AnalysisCache &cache, const AnalyzeOptions &analyzeOptions, const TaskContext &context)
{
    QS_CHECK(withoutSlips(analyzeOptions.teaching));
    Preview result{&format, std::move(plan), nullptr};
    if (!result.plan.refusals.empty()) {
        result.plan.bytes = 0;
        QS_ASSIGN(result.report, analyze(model, recipe, analyzeOptions, cache, context));
        return result;
    }
    QS_ASSIGN(auto report, analyzeDecisions(model, recipe, result.plan.decisions, analyzeOptions, cache, context));
    result.report = withReasons(std::move(report), result.plan);
    return result;
}

} // namespace qs
