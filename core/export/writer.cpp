// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/writer.h"

#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/export/folder.h"
#include "core/export/layout_writer.h"
#include "core/export/reopened.h"
#include "core/formats/open_model.h"

#include <algorithm>
#include <set>

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

bool holds(const std::filesystem::path &path, const std::string &bytes)
{
    const auto file = InputFile::open(path);
    if (!file || (*file)->size() != bytes.size())
        return false;
    const auto text = (*file)->text();
    return text && *text == bytes;
}

/// Written, but not under their names yet. What was stopped before its output had its name may have left some.
Result<NewFiles> filesBeside(const std::vector<SideFile> &sides, const std::filesystem::path &target, bool overwrite)
{
    NewFiles files;
    for (const SideFile &side : sides) {
        const std::filesystem::path path = target.parent_path() / (target.stem().string() + side.suffix);
        if (holds(path, side.bytes))
            continue;
        QS_ASSIGN(files.emplace_back(), AtomicFile::create(path, side.bytes.size(), overwrite));
        QS_CHECK(files.back()->write(0, std::as_bytes(std::span(side.bytes))));
    }
    return files;
}

class Producers : public PayloadSource
{
public:
    Result<void> begin(const PlannedFile & /*planned*/) override { return {}; }
    Result<void> write(const FileLayout &layout, std::size_t /*first*/, AtomicFile &file,
                       const TaskContext &context) override
    {
        return writePayload(layout.tensors, sinkInto(file), context);
    }
};

class MeasuringProducers : public PayloadSource
{
public:
    MeasuringProducers(AnalysisCache &cache, const PlanReport &report)
        : m_cache(cache)
        , m_report(report)
    {}

    /// False when the writing failed because it cannot be done in this way.
    bool holds() const { return m_holds; }

    Result<void> begin(const PlannedFile &planned) override
    {
        std::set<std::size_t> measured;
        const auto look = [&](const std::vector<OutputTensor> &tensors) {
            for (const OutputTensor &tensor : tensors)
                if (const auto layer = tensor.producer->layerOf(tensor.item); layer && tensor.producer->measures())
                    measured.insert(*layer);
        };
        look(planned.layout.tensors);
        for (const FolderPart &part : planned.folder)
            look(part.layout.tensors);
        return measured.size() == planned.plan.quantized() ? Result<void>{} : giveUp();
    }
    Result<void> write(const FileLayout &layout, std::size_t /*first*/, AtomicFile &file,
                       const TaskContext &context) override
    {
        QS_ASSIGN(const bool holds, writeMeasured(layout.tensors, sinkInto(file), m_cache, context));
        return holds ? Result<void>{} : giveUp();
    }
    Result<void> end(const PlannedFile &planned, const TaskContext &context) override
    {
        return m_report(planned.plan, context);
    }

private:
    Result<void> giveUp()
    {
        m_holds = false;
        return fail(ErrorCode::Work, Text()); // which nobody sees
    }

    AnalysisCache &m_cache;
    const PlanReport &m_report;
    bool m_holds = true;
};

/// All files in a folder that gets its name when they are complete.
Result<ExportPlan> writeFolder(PayloadSource &source, const ExportFormat &format, const Model &model,
                               PlannedFile &planned, const std::filesystem::path &target, const ExportOptions &options,
                               const TaskContext &context)
{
    if (const auto refusals = folderRefusals(target, planned.folder, options.overwrite); !refusals.empty())
        return fail(ErrorCode::Work, refusals.front());
    QS_ASSIGN(const auto folder, source.folderFor(target, planned.layout.bytes));
    double done = 0;
    std::size_t first = 0;
    const double all = static_cast<double>(planned.layout.bytes) + 1;
    for (const FolderPart &part : planned.folder) {
        QS_ASSIGN(const auto file, source.fileIn(*folder, part, context.part(0.9 * done / all, 1)));
        const double end = done + static_cast<double>(part.layout.bytes);
        const Container *container = part.layout.tensors.empty() ? nullptr : planned.container;
        const PayloadWriter payload = [&](const FileLayout &layout, AtomicFile &out, const TaskContext &inner) {
            return source.write(layout, first, out, inner);
        };
        QS_CHECK(writeLayout(part.layout, container, *file, payload, context.part(0.9 * done / all, 0.9 * end / all)));
        first += part.layout.tensors.size();
        QS_CHECK(file->verify(options.verifyAll));
        QS_CHECK(file->commit());
        done = end;
    }
    QS_CHECK(source.end(planned, context.part(0.9, 0.9)));
    context.report(0.9, Text::of("checking"));
    QS_CHECK(checkReopened({format, model, planned, folder->temporaryPath(), target}, options.verifyAll,
                           context.part(0.9, 0.99)));
    QS_CHECK(context.check());
    QS_CHECK(source.ready(planned));
    QS_CHECK(folder->commit(options.overwrite));
    context.report(1, Text::of("done"));
    return std::move(planned.plan);
}

Result<ExportPlan> write(PayloadSource &source, const ExportFormat &format, const Model &model, const Recipe &recipe,
                         const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                         const TaskContext &context)
{
    QS_CHECK(requireComplete(model));
    if (const auto refusals = targetRefusals(format, model, target, options); !refusals.empty())
        return fail(ErrorCode::Work, refusals.front());
    QS_ASSIGN(PlannedFile planned, planFile(format, model, recipe, target, options, cache, context.part(0, 0.2)));
    QS_CHECK(refuse(planned.plan, target.string()));
    QS_CHECK(source.begin(planned));
    if (format.folder)
        return writeFolder(source, format, model, planned, target, options, context.part(0.2, 1));
    const FileLayout &layout = planned.layout;
    QS_ASSIGN(const auto file, source.fileFor(target, layout.bytes, options.overwrite, context.part(0.2, 0.9)));
    const PayloadWriter payload = [&source](const FileLayout &all, AtomicFile &out, const TaskContext &inner) {
        return source.write(all, 0, out, inner);
    };
    QS_CHECK(writeLayout(layout, planned.container, *file, payload, context.part(0.2, 0.9)));
    QS_CHECK(source.end(planned, context.part(0.9, 0.9)));
    QS_ASSIGN(const NewFiles beside, filesBeside(planned.sideFiles, target, options.overwrite));
    context.report(0.9, Text::of("checking"));
    QS_CHECK(file->verify(options.verifyAll));
    if (planned.container->opens) {
        QS_CHECK(checkReopened({format, model, planned, file->temporaryPath(), target}, options.verifyAll,
                               context.part(0.9, 0.99)));
    }
    QS_CHECK(source.ready(planned));
    // First, so that the output is whole once it is there.
    for (const auto &side : beside)
        QS_CHECK(side->commit());
    QS_CHECK(file->commit());
    context.report(1, Text::of("done"));
    return std::move(planned.plan);
}

} // namespace

Result<std::unique_ptr<AtomicFile>> PayloadSource::fileFor(const std::filesystem::path &target, std::uint64_t bytes,
                                                           bool overwrite, const TaskContext & /*context*/)
{
    return AtomicFile::create(target, bytes, overwrite);
}

Result<std::unique_ptr<NewFolder>> PayloadSource::folderFor(const std::filesystem::path &target, std::uint64_t bytes)
{
    return NewFolder::create(target, bytes);
}

Result<std::unique_ptr<AtomicFile>> PayloadSource::fileIn(const NewFolder &folder, const FolderPart &part,
                                                          const TaskContext & /*context*/)
{
    return AtomicFile::create(folder.temporaryPath() / part.name, part.layout.bytes, false);
}

Result<ExportPlan> writeExport(const ExportFormat &format, const Model &model, const Recipe &recipe,
                               const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                               const TaskContext &context)
{
    Producers producers;
    return writeExportFrom(producers, format, model, recipe, target, options, cache, context);
}

Result<std::optional<ExportPlan>> writeAtOnce(const ExportFormat &format, const Model &model, const Recipe &recipe,
                                              const std::filesystem::path &target, const ExportOptions &options,
                                              const PlanReport &report, AnalysisCache &cache,
                                              const TaskContext &context)
{
    if (std::ranges::any_of(model.layers, [](const Layer &layer) { return layer.stored != nullptr; }))
        return std::nullopt;
    MeasuringProducers producers(cache, report);
    ExportOptions unseen = options;
    unseen.unseen.emplace(); // finite all
    auto written = writeExportFrom(producers, format, model, recipe, target, unseen, cache, context);
    if (!producers.holds())
        return std::nullopt;
    QS_ASSIGN(ExportPlan plan, std::move(written));
    return plan;
}

Result<ExportPlan> writeExportFrom(PayloadSource &source, const ExportFormat &format, const Model &model,
                                   const Recipe &recipe, const std::filesystem::path &target,
                                   const ExportOptions &options, AnalysisCache &cache, const TaskContext &context)
{
    return guarded([&] { return write(source, format, model, recipe, target, options, cache, context); });
}

} // namespace qs
