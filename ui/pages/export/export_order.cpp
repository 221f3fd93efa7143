// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/export/export_order.h"

#include "core/export/registry.h"
#include "core/export/writer.h"
#include "core/shards/merge.h"
#include "core/shards/resumed.h"

namespace qs::ui {

namespace {

Result<Work> workOf(const ExportOrder &order, AnalysisCache &cache, const TaskContext &context)
{
    return planWork({.model = order.file.model,
                     .location = order.location.toStdString(),
                     .part = order.file.model->part,
                     .format = *order.file.format,
                     .recipe = order.file.recipe,
                     .output = order.file.path.toStdString(),
                     .options = order.options,
                     .units = unitsFor(*order.file.model)},
                    cache, context);
}

} // namespace

PlannedOrder planOrder(const ExportOrder &order, std::span<const Decision> decisions, AnalysisCache &cache,
                       const TaskContext &context)
{
    const Exported &file = order.file;
    const std::filesystem::path target = file.path.toStdString();
    ExportOptions options = order.options;
    options.overwrite = true;
    PlannedOrder planned{planExport(*file.format, *file.model, file.recipe, target, options, cache, context),
                         targetRefusals(*file.format, *file.model, target, options), keptUnits(order, cache, context)};
    if (planned.plan && (!planned.plan->refusals.empty() || quantizesNothing(*file.model, *planned.plan)))
        planned.instead = formatThatHolds(*file.model, decisions);
    return planned;
}

Result<ExportPlan> carryOut(const ExportOrder &order, AnalysisCache &cache, const TaskContext &context)
{
    const std::filesystem::path target = order.file.path.toStdString();
    if (!order.inUnits)
        return writeExport(*order.file.format, *order.file.model, order.file.recipe, target, order.options, cache,
                           context);
    QS_ASSIGN(const Work work, workOf(order, cache, context.part(0, 0.1)));
    const std::filesystem::path folder = resumeFolder(work.plan.output);
    QS_ASSIGN(const auto before, findMerged(work, folder, context));
    if (before) { // it was stopped while it tidied up
        discardParts(target);
        return work.file.plan;
    }
    QS_CHECK(doUnits(work, cache, context.part(0.1, 0.8)));
    const KeptReport none = [](const ExportPlan &) { return std::string(); };
    QS_ASSIGN(Merged merged, mergeParts(work, folder, order.options.verifyAll, none, cache, context.part(0.8, 1)));
    discardParts(target);
    return std::move(merged.plan);
}

KeptUnits keptUnits(const ExportOrder &order, AnalysisCache &cache, const TaskContext &context)
{
    if (!holdsParts(order.file.path.toStdString())) // then there is nothing to plan for
        return {};
    const auto work = workOf(order, cache, context);
    const std::size_t done = work ? unitsDone(*work) : 0;
    return done == 0 ? KeptUnits{0, 0, true} : KeptUnits{done, work->shares.size(), false};
}

} // namespace qs::ui
