// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/work.h"

#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/export/registry.h"
#include "core/formats/open_model.h"
#include "core/layers/recipe_roles.h"
#include "core/version.h"

#include <algorithm>

namespace qs {

namespace {

Result<std::vector<PlannedSource>> sourcesOf(const Model &model)
{
    std::vector<PlannedSource> sources;
    for (const auto &file : model.files) {
        QS_ASSIGN(PlannedSource source, sourceOf(*file));
        sources.push_back(std::move(source));
    }
    return sources;
}

Result<void> checkSources(const std::vector<PlannedSource> &planned, const std::vector<PlannedSource> &now,
                          const std::string &location)
{
    if (planned.size() != now.size())
        return fail(ErrorCode::Input,
                    Text::of("the model has {} files, it had {} when the work was planned; make a new plan", now.size(),
                             planned.size()),
                    inQuotes(location));
    for (std::size_t i = 0; i < now.size(); ++i)
        QS_CHECK(checkSource(planned[i], now[i]));
    return {};
}

/// Layers that the recipe quantizes and that their weights keep in float.
std::map<std::size_t, std::string> keptByData(const ExportPlan &plan)
{
    std::map<std::size_t, std::string> kept;
    for (std::size_t i = 0; i < plan.decisions.size(); ++i)
        if (!plan.decisions[i].quantize && plan.decisions[i].by == DecidedBy::Data)
            kept.emplace(i, plan.decisions[i].reason.str());
    return kept;
}

/// As the planner takes them.
std::map<std::size_t, Text> unseenOf(const WorkPlan &plan)
{
    std::map<std::size_t, Text> unseen;
    for (const auto &[layer, why] : plan.keptByData)
        unseen.emplace(layer, Text::asIs(why));
    return unseen;
}

/// Everything but plan and identity.
Result<void> layOut(Work &work, const Recipe &recipe, std::size_t units, const TaskContext &context)
{
    ExportOptions options = work.options();
    options.unseen = unseenOf(work.plan);
    AnalysisCache nothingKnown;
    QS_ASSIGN(work.file, planFile(*work.format, *work.model, recipe, work.plan.output, options, nothingKnown, context));
    if (!work.file.plan.refusals.empty())
        return fail(ErrorCode::Work, work.file.plan.refusals.front(), inQuotes(work.plan.output));
    work.shares = shareOut(*work.model, work.file.layout, units);
    work.plan.files.clear();
    if (work.file.folder.empty())
        work.plan.files.push_back({{}, work.file.layout.bytes});
    for (const FolderPart &part : work.file.folder) {
        work.fileNumbers.resize(work.fileNumbers.size() + part.layout.tensors.size(), work.plan.files.size());
        work.plan.files.push_back({part.name, part.layout.bytes});
    }
    return {};
}

/// What units cannot do.
Result<void> checkUnits(const WorkRequest &request)
{
    if (request.units == 0 || request.units > kMostUnits)
        return fail(ErrorCode::Usage, Text::of("{} units were asked for, expected 1 to {}", request.units, kMostUnits));
    const std::string where = inQuotes(request.output.native());
    QS_ASSIGN(const auto decisions, resolve(request.recipe, *request.model, request.options.allowUnmatched));
    for (std::size_t i = 0; i < decisions.size(); ++i)
        if (decisions[i].quantize && decisions[i].scheme.needsInputs())
            return fail(
                ErrorCode::Work,
                Text::of("the codes of layer {} depend on what the network is fed, and a unit would have to run "
                         "all of it; export at once on one machine, or choose ranges and codes by the weights "
                         "alone",
                         inQuotes(request.model->layers[i].name)),
                where);
    return {};
}

/// Without "." and, where there is none, without "..": what stands before that could be a link to elsewhere.
std::filesystem::path absolutePath(const std::filesystem::path &path)
{
    const std::filesystem::path whole = std::filesystem::absolute(path);
    return std::ranges::find(whole, "..") == whole.end() ? whole.lexically_normal() : whole;
}

/// A plan is text.
Result<void> checkPath(const std::string &path)
{
    if (isUtf8(path))
        return {};
    return fail(ErrorCode::Work, Text::of("the path is no UTF-8, and a plan cannot hold it"), inQuotes(path));
}

Result<Work> planned(const WorkRequest &request, AnalysisCache &cache, const TaskContext &context)
{
    QS_CHECK(checkUnits(request));
    QS_CHECK(requireComplete(*request.model));
    Work work;
    work.model = request.model;
    work.format = &request.format;
    WorkPlan &plan = work.plan;
    plan.version = kVersion;
    const bool builtIn = !request.model->files.empty() && !request.model->files.front()->memory().empty();
    plan.location = builtIn ? request.location : absolutePath(request.location).string();
    plan.part = request.part;
    QS_ASSIGN(plan.sources, sourcesOf(*request.model));
    plan.format = request.format.name;
    plan.output = withoutSlash(absolutePath(request.output)).string();
    QS_CHECK(checkPath(plan.location));
    QS_CHECK(checkPath(plan.output));
    plan.recipe = request.recipe;
    plan.overwrite = request.options.overwrite;
    plan.keepNonFinite = request.options.keepNonFinite;
    plan.allowUnmatched = request.options.allowUnmatched;
    plan.unpacked = request.options.unpacked;
    if (plan.keepNonFinite) {
        QS_ASSIGN(const ExportPlan seen, planExport(request.format, *request.model, request.recipe, request.output,
                                                    request.options, cache, context.part(0, 0.9)));
        plan.keptByData = keptByData(seen);
    }
    QS_CHECK(layOut(work, request.recipe, request.units, context.part(0.9, 1)));
    plan.keptByData = keptByData(work.file.plan);
    plan.layout = layoutChecksum(work.file, work.shares);
    plan.bytes = work.file.layout.bytes;
    for (const UnitShare &share : work.shares)
        plan.units.push_back({share.tensors.size(), share.bytes});
    work.identity = identityOf(plan);
    return work;
}

Result<Work> opened(WorkPlan plan, const TaskContext &context)
{
    QS_ASSIGN(Work work, workOf(std::move(plan)));
    QS_ASSIGN(work.model, openModel(work.plan.location, context, work.plan.part));
    QS_CHECK(requireComplete(*work.model));
    QS_ASSIGN(const auto sources, sourcesOf(*work.model));
    QS_CHECK(checkSources(work.plan.sources, sources, work.plan.location));
    QS_ASSIGN(work.model, withRoles(std::move(work.model), work.plan.recipe));
    QS_CHECK(layOut(work, work.plan.recipe, work.plan.units.size(), context));
    if (layoutChecksum(work.file, work.shares) != work.plan.layout)
        return fail(ErrorCode::Input,
                    Text::of("the output would be laid out otherwise than when the work was planned; make a new plan"),
                    inQuotes(work.plan.location));
    return work;
}

} // namespace

ExportOptions Work::options() const
{
    return {.overwrite = plan.overwrite,
            .keepNonFinite = plan.keepNonFinite,
            .allowUnmatched = plan.allowUnmatched,
            .unpacked = plan.unpacked};
}

Result<Work> workOf(WorkPlan plan)
{
    Work work;
    work.plan = std::move(plan);
    const std::string where = inQuotes(work.plan.location);
    if (work.plan.version != kVersion)
        return fail(ErrorCode::Input,
                    Text::of("the work was planned by version {}, this is {}; all units need the same one",
                             inQuotes(work.plan.version), kVersion),
                    where);
    work.format = findExportFormat(work.plan.format);
    if (work.format == nullptr)
        return fail(ErrorCode::Input, Text::of("the plan's format {} is unknown", inQuotes(work.plan.format)), where);
    work.identity = identityOf(work.plan);
    return work;
}

Result<Work> planWork(const WorkRequest &request, AnalysisCache &cache, const TaskContext &context)
{
    return guarded([&] { return planned(request, cache, context); });
}

Result<Work> openWork(WorkPlan plan, const TaskContext &context)
{
    return guarded([&] { return opened(std::move(plan), context); });
}

std::filesystem::path partsFolder(const std::filesystem::path &plan)
{
    std::filesystem::path folder = withoutSlash(plan);
    folder += ".parts";
    return folder;
}

} // namespace qs
