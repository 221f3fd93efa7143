// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/export/export_order.h"

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

Result<ExportPlan> carryOut(const ExportOrder &order, AnalysisCache &cache, const TaskContext &context)
{
    const std::filesystem::path target = order.file.path.toStdString();
    if (!order.inUnits)
        return writeExport(*order.file.format, *order.file.model, order.file.recipe, target, order.options, cache,
                           context);
    QS_ASSIGN(const Work work, workOf(order, cache, context.part(0, 0.1)));
    QS_CHECK(doUnits(work, cache, context.part(0.1, 0.8)));
    const std::filesystem::path folder = resumeFolder(work.plan.output);
    QS_ASSIGN(ExportPlan plan, mergeParts(work, folder, order.options.verifyAll, cache, context.part(0.8, 1)));
    removeParts(work, folder);
    return plan;
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
