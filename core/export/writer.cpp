// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/writer.h"

#include "core/base/guarded.h"
#include "core/export/reopened.h"
#include "core/formats/open_model.h"

namespace qs {

namespace {

Result<void> refuse(const ExportPlan &plan, const std::string &target)
{
    if (plan.refusals.empty())
        return {};
    Text message = plan.refusals.front();
    if (plan.refusals.size() > 1)
        message = Text::of("{} (and {} more)", message, plan.refusals.size() - 1);
    return fail(ErrorCode::Work, message, target);
}

using NewFiles = std::vector<std::unique_ptr<AtomicFile>>;

/// Written, but not under their names yet.
Result<NewFiles> filesBeside(const std::vector<SideFile> &sides, const std::filesystem::path &target, bool overwrite)
{
    NewFiles files;
    for (const SideFile &side : sides) {
        const std::filesystem::path path = target.parent_path() / (target.stem().string() + side.suffix);
        QS_ASSIGN(files.emplace_back(), AtomicFile::create(path, side.bytes.size(), overwrite));
        QS_CHECK(files.back()->write(0, std::as_bytes(std::span(side.bytes))));
    }
    return files;
}

Result<ExportPlan> write(const PayloadWriter &payload, const ExportFormat &format, const Model &model,
                         const Recipe &recipe, const std::filesystem::path &target, const ExportOptions &options,
                         AnalysisCache &cache, const TaskContext &context)
{
    QS_CHECK(requireComplete(model));
    if (const auto refusals = targetRefusals(model, target, options); !refusals.empty())
        return fail(ErrorCode::Work, refusals.front());
    QS_ASSIGN(PlannedFile planned, planFile(format, model, recipe, target, options, cache, context.part(0, 0.2)));
    QS_CHECK(refuse(planned.plan, target.string()));
    const FileLayout &layout = planned.layout;
    QS_ASSIGN(const auto file, AtomicFile::create(target, layout.bytes, options.overwrite));
    for (const FixedBytes &fixed : layout.fixed) {
        QS_CHECK(file->write(fixed.byteOffset, std::as_bytes(std::span(fixed.bytes))));
    }
    QS_CHECK(writeCopies(layout.copied, *file, context.part(0.2, 0.3)));
    QS_CHECK(payload(layout, *file, context.part(0.3, 0.9)));
    if (planned.container->finish) {
        QS_CHECK(planned.container->finish(layout, *file, context));
    }
    QS_CHECK(context.check());
    QS_ASSIGN(const NewFiles beside, filesBeside(planned.sideFiles, target, options.overwrite));
    context.report(0.9, Text::of("checking"));
    QS_CHECK(file->verify(options.verifyAll));
    if (planned.container->opens) {
        QS_CHECK(checkReopened({format, model, planned, file->temporaryPath(), target}, options.verifyAll,
                               context.part(0.9, 0.99)));
    }
    QS_CHECK(file->commit());
    for (const auto &side : beside)
        QS_CHECK(side->commit());
    context.report(1, Text::of("done"));
    return std::move(planned.plan);
}

Result<void> fromProducers(const FileLayout &layout, AtomicFile &file, const TaskContext &context)
{
    return writePayload(layout.tensors, file, context);
}

} // namespace

Result<ExportPlan> writeExport(const ExportFormat &format, const Model &model, const Recipe &recipe,
                               const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                               const TaskContext &context)
{
    return writeExportFrom(fromProducers, format, model, recipe, target, options, cache, context);
}

Result<ExportPlan> writeExportFrom(const PayloadWriter &payload, const ExportFormat &format, const Model &model,
                                   const Recipe &recipe, const std::filesystem::path &target,
                                   const ExportOptions &options, AnalysisCache &cache, const TaskContext &context)
{
    return guarded([&] { return write(payload, format, model, recipe, target, options, cache, context); });
}

} // namespace qs
