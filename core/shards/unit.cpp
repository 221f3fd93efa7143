// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/unit.h"

#include "core/analysis/layer_analysis.h"
#include "core/base/atomic_file.h"
#include "core/base/guarded.h"
#include "core/export/weight_check.h"
#include "core/shards/merged_output.h"
#include "core/shards/staged.h"
#include "core/shards/unit_report.h"

#include <algorithm>

namespace qs {

namespace {

/// Looks at the unit's layers as the plan of an export and its report do, and leaves in the cache what they ask for.
Result<void> lookAtLayers(const Work &work, const UnitShare &share, AnalysisCache &cache, const TaskContext &context)
{
    const ExportOptions options = work.options();
    for (std::size_t i = 0; i < share.layers.size(); ++i) {
        QS_CHECK(context.check());
        const std::size_t index = share.layers[i];
        const Layer &layer = work.model->layers[index];
        context.report(static_cast<double>(i) / static_cast<double>(share.layers.size()), Text::asIs(layer.module));
        const Decision &decision = work.file.plan.decisions[index];
        QS_ASSIGN(const WeightCheck check,
                  checkWeights(*work.format, *work.model, index, decision, options, cache, context));
        if (!check.refusals.empty())
            return fail(ErrorCode::Work, check.refusals.front().sentence(), inQuotes(work.plan.output));
        if (check.decision.quantize != decision.quantize)
            return fail(ErrorCode::Work,
                        Text::of("layer {} {}, which was not known when the work was planned; make a new plan",
                                 inQuotes(layer.name), check.decision.reason),
                        inQuotes(work.plan.output));
        QS_CHECK(analyseLayer(*work.model, index, decision, false, Keep::Summary, cache, context));
    }
    return {};
}

/// Whether all bytes of the unit are where they belong. Error{Cancelled} only.
Result<bool> holds(const Work &work, std::size_t unit, const UnitPlaces &places, const std::filesystem::path &folder,
                   const std::string &checksum, const TaskContext &context)
{
    const auto found = checksumOfUnit(work, unit, places, folder, false, context);
    if (!found && found.error().code == ErrorCode::Cancelled)
        return std::unexpected(found.error());
    return found && *found == checksum;
}

/// In one look at the weights where that is possible, else what speaks against the unit is found out first.
Result<void> writeLayers(const Work &work, std::size_t unit, UnitWriter &writer, AnalysisCache &cache,
                         const TaskContext &context)
{
    const std::vector<OutputTensor> tensors = tensorsOf(work, unit);
    const UnitShare &share = work.shares[unit];
    const ByteSink write = [&](std::uint64_t offset, std::span<const std::byte> bytes) {
        return writer.write(offset, bytes);
    };
    const bool isFloat = std::ranges::none_of(
        share.layers, [&](std::size_t layer) { return work.model->layers[layer].stored != nullptr; });
    if (isFloat) {
        QS_ASSIGN(const bool holds, writeMeasured(tensors, write, cache, context.part(0, 0.8)));
        if (holds)
            return lookAtLayers(work, share, cache, context.part(0.8, 0.9));
        writer.restart();
    }
    QS_CHECK(lookAtLayers(work, share, cache, context.part(0, 0.45)));
    return writePayload(tensors, write, context.part(0.45, 0.9));
}

Result<std::string> writePart(const Work &work, std::size_t unit, const UnitPlaces &places,
                              const std::filesystem::path &folder, AnalysisCache &cache, const TaskContext &context)
{
    QS_ASSIGN(const auto writer, UnitWriter::create(work, unit, places, folder, context));
    QS_CHECK(writeLayers(work, unit, *writer, cache, context));
    QS_ASSIGN(std::string checksum, writer->flushed());
    if (const auto committed = writer->commitPart(); !committed) {
        // Another machine may have put the same part there in the same moment, and have no report of it yet.
        QS_ASSIGN(const bool isThere, holds(work, unit, places, folder, checksum, context));
        if (!isThere)
            return std::unexpected(committed.error());
    }
    return checksum;
}

Result<void> makeFolder(const std::filesystem::path &folder)
{
    std::error_code error;
    std::filesystem::create_directory(folder, error);
    if (!std::filesystem::is_directory(folder))
        return fail(ErrorCode::Work, Text::of("the folder of the parts cannot be made: {}", error.message()),
                    inQuotes(folder.native()));
    return {};
}

std::filesystem::path placeOf(const Work &work, std::size_t unit, const UnitPlaces &places,
                              const std::filesystem::path &folder)
{
    if (places.writesOutput())
        return stagedPath(work, folder);
    return places.partBytes > 0 ? partPath(folder, unit) : reportPath(folder, unit);
}

/// Of a unit that is asked for again after all of them were merged.
Result<std::optional<UnitResult>> foundMerged(const Work &work, std::size_t unit, const UnitPlaces &places,
                                              const std::filesystem::path &folder, const TaskContext &context)
{
    QS_ASSIGN(const auto merged, findMerged(work, folder, context));
    if (!merged)
        return std::nullopt;
    QS_ASSIGN(std::string checksum, checksumOfUnit(work, unit, places, folder, true, context));
    return UnitResult{work.plan.output, work.shares[unit].bytes, std::move(checksum), true};
}

Result<std::optional<UnitResult>> found(const Work &work, std::size_t unit, const UnitPlaces &places,
                                        const std::filesystem::path &folder, AnalysisCache &cache,
                                        const TaskContext &context)
{
    const auto report = takeUnitReport(folder, work, unit, cache);
    if (report && *report) { // one that is damaged is made anew
        QS_ASSIGN(const bool isThere, holds(work, unit, places, folder, (*report)->checksum, context));
        if (isThere)
            return UnitResult{placeOf(work, unit, places, folder), (*report)->bytes, (*report)->checksum, true};
    }
    return isStaged(work, folder) ? std::nullopt : foundMerged(work, unit, places, folder, context);
}

Result<UnitResult> done(const Work &work, std::size_t unit, const std::filesystem::path &folder, AnalysisCache &cache,
                        const TaskContext &context)
{
    if (unit >= work.shares.size())
        return fail(ErrorCode::Usage,
                    Text::of("there is no unit {}, the plan has units 0 to {}", unit, work.shares.size() - 1));
    QS_CHECK(makeFolder(folder));
    const UnitPlaces places = placesOf(work, unit);
    QS_ASSIGN(auto before, found(work, unit, places, folder, cache, context));
    if (before)
        return std::move(*before);
    const std::uint64_t bytes = work.shares[unit].bytes;
    UnitResult result{placeOf(work, unit, places, folder), bytes, {}, false};
    Result<std::string> checksum = writePart(work, unit, places, folder, cache, context);
    if (checksum) {
        result.checksum = *checksum;
        const auto reported =
            writeWholeFile(reportPath(folder, unit), unitReportJson({bytes, *checksum}, work, unit, cache), true);
        if (reported)
            return result;
        checksum = std::unexpected(reported.error());
    }
    if (checksum.error().code == ErrorCode::Cancelled)
        return std::unexpected(checksum.error());
    // Another machine may have done the same unit in the same moment: what it wrote is as good.
    QS_ASSIGN(before, found(work, unit, places, folder, cache, context));
    return before ? Result<UnitResult>(std::move(*before)) : std::unexpected(checksum.error());
}

} // namespace

Result<UnitResult> doUnit(const Work &work, std::size_t unit, const std::filesystem::path &folder, AnalysisCache &cache,
                          const TaskContext &context)
{
    return guarded([&] { return done(work, unit, folder, cache, context); });
}

} // namespace qs
