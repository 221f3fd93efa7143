// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/merge.h"

#include "core/base/atomic_file.h"
#include "core/base/checksum.h"
#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/export/writer.h"
#include "core/shards/unit_report.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qs {

namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{256} << 10U; // still in the cache when it is written
constexpr std::uint64_t kMostRecordBytes = std::uint64_t{1} << 32U;
constexpr std::size_t kMostNamed = 10; // units in one message

std::filesystem::path recordPath(const std::filesystem::path &folder)
{
    return folder / "merged.json";
}

/// "0, 3, 7 and 12 more".
Text unitsText(const std::vector<std::size_t> &units)
{
    std::string names;
    for (std::size_t i = 0; i < std::min(units.size(), kMostNamed); ++i)
        names += fmt::format("{}{}", i == 0 ? "" : ", ", units[i]);
    if (units.size() <= kMostNamed)
        return Text::asIs(names);
    return Text::of("{} and {} more", names, units.size() - kMostNamed);
}

/// The tensors of the output from the parts, each of which is read once from its beginning to its end.
class Merger : public PayloadSource
{
public:
    Merger(const Work &work, const std::filesystem::path &folder, AnalysisCache &cache)
        : m_work(work)
        , m_folder(folder)
        , m_cache(cache)
        , m_progress(work.shares.size())
    {}

    /// `planned` was planned anew, with what is known of the weights.
    Result<void> begin(const PlannedFile &planned) override
    {
        if (layoutChecksum(planned, m_work.shares) == m_work.plan.layout)
            return {};
        return fail(ErrorCode::Input,
                    Text::of("the parts belong to an output that is laid out otherwise; make a new plan"),
                    inQuotes(m_work.plan.output));
    }

    Result<void> write(const FileLayout &layout, std::size_t first, AtomicFile &file,
                       const TaskContext &context) override
    {
        const auto units = static_cast<double>(m_work.shares.size());
        for (std::size_t unit = 0; unit < m_work.shares.size(); ++unit) {
            context.report(static_cast<double>(unit) / units, Text::of("unit {}", unit));
            QS_CHECK(writeUnit(unit, layout, first, file, context));
        }
        return {};
    }

private:
    /// How far the part of a unit has been read: the shards of a folder are written one after the other.
    struct Progress {
        std::unique_ptr<Checksum> checksum; ///< of what was read
        std::uint64_t bytes = 0;            ///< that were read
        std::size_t tensors = 0;            ///< that were read
        bool whole = false;
    };

    /// What of the unit belongs into a file.
    Result<void> writeUnit(std::size_t unit, const FileLayout &layout, std::size_t first, AtomicFile &file,
                           const TaskContext &context)
    {
        const std::vector<std::size_t> &tensors = m_work.shares[unit].tensors;
        Progress &progress = m_progress[unit];
        const std::size_t end = first + layout.tensors.size();
        if (progress.whole || (progress.tensors < tensors.size() && tensors[progress.tensors] >= end))
            return {};
        const std::filesystem::path path = partPath(m_folder, unit);
        QS_ASSIGN(const auto report, takeUnitReport(m_folder, m_work, unit, m_cache));
        QS_ASSIGN(const std::shared_ptr<const InputFile> part, InputFile::open(path));
        if (!report || part->size() != m_work.shares[unit].bytes)
            return damaged(unit, path);
        if (!progress.checksum)
            progress.checksum = std::make_unique<Checksum>();
        for (; progress.tensors < tensors.size() && tensors[progress.tensors] < end; ++progress.tensors) {
            const OutputTensor &tensor = layout.tensors[tensors[progress.tensors] - first];
            QS_CHECK(copyTensor(*part, tensor, progress, file, context));
        }
        if (progress.tensors < tensors.size())
            return {};
        progress.whole = progress.checksum->hex() == report->checksum;
        progress.checksum.reset();
        return progress.whole ? Result<void>{} : damaged(unit, path);
    }

    Result<void> copyTensor(const InputFile &part, const OutputTensor &tensor, Progress &progress, AtomicFile &file,
                            const TaskContext &context)
    {
        const std::uint64_t size = tensor.byteSize();
        std::span<std::byte> bytes;
        for (std::uint64_t done = 0; done < size; done += bytes.size()) {
            QS_CHECK(context.check());
            bytes = std::span(m_piece).first(std::min(kPieceBytes, size - done));
            QS_CHECK(part.read(progress.bytes + done, bytes));
            progress.checksum->add(bytes);
            QS_CHECK(file.write(tensor.byteOffset + done, bytes));
        }
        progress.bytes += size;
        return {};
    }

    static std::unexpected<Error> damaged(std::size_t unit, const std::filesystem::path &path)
    {
        return fail(ErrorCode::Input,
                    Text::of("the part of unit {} has other bytes than its report says; do the unit again", unit),
                    inQuotes(path.native()));
    }

    const Work &m_work;
    const std::filesystem::path &m_folder;
    AnalysisCache &m_cache;
    std::vector<Progress> m_progress; ///< by unit
    std::vector<std::byte> m_piece = std::vector<std::byte>(kPieceBytes);
};

/// False when the file has another size.
Result<bool> addFile(Checksum &checksum, const std::filesystem::path &path, std::uint64_t size,
                     const TaskContext &context)
{
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(path));
    if (file->size() != size)
        return false;
    std::vector<std::byte> bytes;
    for (std::uint64_t done = 0; done < size; done += bytes.size()) {
        QS_CHECK(context.check());
        bytes.resize(std::min(kPieceBytes, size - done));
        QS_CHECK(file->read(done, bytes));
        checksum.add(std::span<const std::byte>(bytes));
    }
    return true;
}

/// Of the output, the files of a folder one behind the other; empty when it has another size.
Result<std::string> checksumOfOutput(const Work &work, const TaskContext &context)
{
    const std::filesystem::path output = work.plan.output;
    Checksum checksum;
    if (work.file.folder.empty()) {
        QS_ASSIGN(const bool whole, addFile(checksum, output, work.plan.bytes, context));
        return whole ? checksum.hex() : std::string();
    }
    for (const FolderPart &part : work.file.folder) {
        QS_ASSIGN(const bool whole, addFile(checksum, output / part.name, part.layout.bytes, context));
        if (!whole)
            return std::string();
    }
    return checksum.hex();
}

Result<std::optional<MergedOutput>> merged(const Work &work, const std::filesystem::path &folder,
                                           const TaskContext &context)
{
    const auto file = InputFile::open(recordPath(folder));
    if (!file || (*file)->size() > kMostRecordBytes)
        return std::nullopt;
    QS_ASSIGN(const std::string text, (*file)->text());
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("plan", "") != work.identity)
        return std::nullopt;
    MergedOutput output{json.value("bytes", std::uint64_t{0}), json.value("xxh128", ""), json.value("report", "")};
    const auto checksum = checksumOfOutput(work, context);
    if (!checksum && checksum.error().code == ErrorCode::Cancelled)
        return std::unexpected(checksum.error());
    if (!checksum || *checksum != output.checksum)
        return std::nullopt;
    return output;
}

} // namespace

Result<void> takeReports(const Work &work, const std::filesystem::path &folder, AnalysisCache &cache,
                         const TaskContext &context)
{
    return guarded([&]() -> Result<void> {
        std::vector<std::size_t> missing;
        for (std::size_t unit = 0; unit < work.shares.size(); ++unit) {
            QS_CHECK(context.check());
            QS_ASSIGN(const auto report, takeUnitReport(folder, work, unit, cache));
            if (!report)
                missing.push_back(unit);
        }
        if (missing.empty())
            return {};
        return fail(ErrorCode::Work,
                    Text::of("{} of {} units are not done: {}", missing.size(), work.shares.size(), unitsText(missing)),
                    inQuotes(folder.native()));
    });
}

Result<Preview> previewWork(const Work &work, const AnalyzeOptions &analyzeOptions, AnalysisCache &cache,
                            const TaskContext &context)
{
    return preview(*work.format, *work.model, work.plan.recipe, work.plan.output, work.options(), cache, analyzeOptions,
                   context);
}

Result<ExportPlan> mergeParts(const Work &work, const std::filesystem::path &folder, bool verifyAll,
                              AnalysisCache &cache, const TaskContext &context)
{
    ExportOptions options = work.options();
    options.verifyAll = verifyAll;
    Merger merger(work, folder, cache);
    return writeExportFrom(merger, *work.format, *work.model, work.plan.recipe, work.plan.output, options, cache,
                           context);
}

Result<MergedOutput> recordMerge(const Work &work, const std::filesystem::path &folder, std::string report,
                                 const TaskContext &context)
{
    return guarded([&]() -> Result<MergedOutput> {
        MergedOutput output{work.plan.bytes, {}, std::move(report)};
        QS_ASSIGN(output.checksum, checksumOfOutput(work, context));
        const nlohmann::json json{
            {"plan", work.identity}, {"bytes", output.bytes}, {"xxh128", output.checksum}, {"report", output.report}};
        const std::string text = json.dump() + "\n";
        QS_ASSIGN(const auto file, AtomicFile::create(recordPath(folder), text.size(), true));
        QS_CHECK(file->write(0, std::as_bytes(std::span(text))));
        QS_CHECK(file->commit());
        return output;
    });
}

Result<std::optional<MergedOutput>> findMerged(const Work &work, const std::filesystem::path &folder,
                                               const TaskContext &context)
{
    return guarded([&] { return merged(work, folder, context); });
}

void removeParts(const Work &work, const std::filesystem::path &folder)
{
    std::error_code ignored; // what cannot be removed stays, and does no harm
    for (std::size_t unit = 0; unit < work.shares.size(); ++unit) {
        std::filesystem::remove(reportPath(folder, unit), ignored);
        std::filesystem::remove(partPath(folder, unit), ignored);
    }
    if (std::filesystem::is_empty(folder, ignored) && !ignored)
        std::filesystem::remove(folder, ignored);
}

} // namespace qs
