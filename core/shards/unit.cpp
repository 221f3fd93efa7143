// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/unit.h"

#include "core/analysis/layer_analysis.h"
#include "core/base/atomic_file.h"
#include "core/base/checksum.h"
#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/export/weight_check.h"
#include "core/shards/unit_report.h"

#include <algorithm>

namespace qs {

namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{4} << 20U;

/// `read(offset, bytes)` fills a piece.
template <class Read> Result<std::string> checksumOf(std::uint64_t size, Read read, const TaskContext &context)
{
    Checksum checksum;
    std::vector<std::byte> bytes;
    for (std::uint64_t done = 0; done < size; done += bytes.size()) {
        QS_CHECK(context.check());
        bytes.resize(std::min(kPieceBytes, size - done));
        QS_CHECK(read(done, std::span(bytes)));
        checksum.add(std::span<const std::byte>(bytes));
    }
    return checksum.hex();
}

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

/// Whether the file holds those bytes. Error{Cancelled} only.
Result<bool> holds(const std::filesystem::path &path, std::uint64_t bytes, const std::string &checksum,
                   const TaskContext &context)
{
    const auto file = InputFile::open(path);
    if (!file || (*file)->size() != bytes)
        return false;
    const auto read = [&](std::uint64_t at, std::span<std::byte> part) { return (*file)->read(at, part); };
    const auto found = checksumOf(bytes, read, context);
    if (!found && found.error().code == ErrorCode::Cancelled)
        return std::unexpected(found.error());
    return found && *found == checksum;
}

Result<std::string> writePart(const Work &work, const UnitShare &share, const std::filesystem::path &path,
                              const TaskContext &context)
{
    std::vector<OutputTensor> tensors;
    std::uint64_t offset = 0;
    for (const std::size_t index : share.tensors) {
        OutputTensor &tensor = tensors.emplace_back(work.file.layout.tensors[index]);
        tensor.byteOffset = offset;
        offset += tensor.byteSize();
    }
    QS_ASSIGN(const auto file, AtomicFile::create(path, share.bytes, true));
    QS_CHECK(writePayload(tensors, *file, context));
    QS_CHECK(file->verify(false));
    QS_ASSIGN(
        std::string checksum,
        checksumOf(
            share.bytes, [&](std::uint64_t at, std::span<std::byte> bytes) { return file->read(at, bytes); }, context));
    if (const auto committed = file->commit(); !committed) {
        // Another machine may have put the same part there in the same moment, and have no report of it yet.
        QS_ASSIGN(const bool isThere, holds(path, share.bytes, checksum, context));
        if (!isThere)
            return std::unexpected(committed.error());
    }
    return checksum;
}

Result<void> writeReport(const std::string &text, const std::filesystem::path &path)
{
    QS_ASSIGN(const auto file, AtomicFile::create(path, text.size(), true));
    QS_CHECK(file->write(0, std::as_bytes(std::span(text))));
    return file->commit();
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

Result<std::optional<UnitResult>> found(const Work &work, std::size_t unit, const std::filesystem::path &folder,
                                        AnalysisCache &cache, const TaskContext &context)
{
    const auto report = takeUnitReport(folder, work, unit, cache);
    if (!report || !*report)
        return std::nullopt; // one that is damaged is made anew
    QS_ASSIGN(const bool isThere, holds(partPath(folder, unit), (*report)->bytes, (*report)->checksum, context));
    if (!isThere)
        return std::nullopt;
    return UnitResult{partPath(folder, unit), (*report)->bytes, (*report)->checksum, true};
}

Result<UnitResult> done(const Work &work, std::size_t unit, const std::filesystem::path &folder, AnalysisCache &cache,
                        const TaskContext &context)
{
    if (unit >= work.shares.size())
        return fail(ErrorCode::Usage,
                    Text::of("there is no unit {}, the plan has units 0 to {}", unit, work.shares.size() - 1));
    QS_CHECK(makeFolder(folder));
    QS_ASSIGN(auto before, found(work, unit, folder, cache, context));
    if (before)
        return std::move(*before);
    const UnitShare &share = work.shares[unit];
    QS_CHECK(lookAtLayers(work, share, cache, context.part(0, 0.45)));
    UnitResult result{partPath(folder, unit), share.bytes, {}, false};
    Result<std::string> checksum = writePart(work, share, result.part, context.part(0.45, 1));
    if (checksum) {
        result.checksum = *checksum;
        const auto reported =
            writeReport(unitReportJson({share.bytes, *checksum}, work, unit, cache), reportPath(folder, unit));
        if (reported)
            return result;
        checksum = std::unexpected(reported.error());
    }
    // Another machine may have done the same unit in the same moment: what it wrote is as good.
    QS_ASSIGN(before, found(work, unit, folder, cache, context));
    return before ? Result<UnitResult>(std::move(*before)) : std::unexpected(checksum.error());
}

} // namespace

Result<UnitResult> doUnit(const Work &work, std::size_t unit, const std::filesystem::path &folder, AnalysisCache &cache,
                          const TaskContext &context)
{
    return guarded([&] { return done(work, unit, folder, cache, context); });
}

Result<std::optional<UnitResult>> findUnit(const Work &work, std::size_t unit, const std::filesystem::path &folder,
                                           AnalysisCache &cache, const TaskContext &context)
{
    return guarded([&] { return found(work, unit, folder, cache, context); });
}

} // namespace qs
