// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/merge.h"

#include "core/base/atomic_file.h"
#include "core/base/checksum.h"
#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/export/writer.h"
#include "core/shards/staged.h"
#include "core/shards/unit_report.h"

#include <algorithm>

#include <fmt/format.h>

namespace qs {

namespace {

constexpr std::size_t kMostNamed = 10; // units in one message

/// The output that the units have begun: what is missing is written, then everything is looked at once.
class Merger : public PayloadSource
{
public:
    Merger(const Work &work, const std::filesystem::path &folder, const KeptReport &report, AnalysisCache &cache)
        : m_work(work)
        , m_folder(folder)
        , m_staged(stagedPath(work, folder))
        , m_report(report)
        , m_cache(cache)
    {}

    MergedOutput takeOutput() { return std::move(m_output); }

    /// `planned` was planned anew, with what is known of the weights.
    Result<void> begin(const PlannedFile &planned) override
    {
        if (layoutChecksum(planned, m_work.shares) != m_work.plan.layout)
            return fail(ErrorCode::Input,
                        Text::of("the parts belong to an output that is laid out otherwise; make a new plan"),
                        inQuotes(m_work.plan.output));
        for (std::size_t unit = 0; unit < m_work.shares.size(); ++unit) {
            QS_ASSIGN(const auto report, takeUnitReport(m_folder, m_work, unit, m_cache));
            if (!report)
                return damaged(unit);
            m_units.push_back({placesOf(m_work, unit), report->checksum});
            if (m_units.back().places.writesOutput() && !isStaged(m_work, m_folder))
                return damaged(unit);
        }
        return prepareStaged(m_work, m_folder);
    }

    Result<std::unique_ptr<AtomicFile>> fileFor(const std::filesystem::path &target, std::uint64_t bytes,
                                                bool overwrite, const TaskContext &context) override
    {
        return AtomicFile::adopt(m_staged, bytes, target, overwrite, context);
    }

    Result<std::unique_ptr<NewFolder>> folderFor(const std::filesystem::path &target, std::uint64_t /*bytes*/) override
    {
        return NewFolder::adopt(m_staged, target);
    }

    Result<std::unique_ptr<AtomicFile>> fileIn(const NewFolder &folder, const FolderPart &part,
                                               const TaskContext &context) override
    {
        const std::filesystem::path path = folder.temporaryPath() / part.name;
        return AtomicFile::adopt(path, part.layout.bytes, path, true, context);
    }

    /// What waits in parts.
    Result<void> write(const FileLayout & /*layout*/, std::size_t /*first*/, AtomicFile &file,
                       const TaskContext &context) override
    {
        const auto units = static_cast<double>(m_units.size());
        for (std::size_t unit = 0; unit < m_units.size(); ++unit) {
            context.report(static_cast<double>(unit) / units, Text::of("unit {}", unit));
            QS_CHECK(copyPart(unit, file, context));
        }
        ++m_file;
        return {};
    }

    Result<void> end(const PlannedFile & /*planned*/, const TaskContext &context) override
    {
        Checksum all;
        for (std::size_t file = 0; file < m_work.plan.files.size(); ++file)
            QS_CHECK(readBack(file, all, context));
        for (std::size_t unit = 0; unit < m_units.size(); ++unit)
            if (m_units[unit].found->hex() != m_units[unit].checksum)
                return damaged(unit);
        m_output.bytes = m_work.plan.bytes;
        m_output.checksum = all.hex();
        return {};
    }

    Result<void> ready(const PlannedFile &planned) override
    {
        QS_ASSIGN(m_output.report, m_report(planned.plan));
        return recordMerge(m_work, m_folder, m_output);
    }

private:
    struct Unit {
        UnitPlaces places;
        std::string checksum; ///< as its report says
        std::unique_ptr<Checksum> found = std::make_unique<Checksum>();
    };
    /// Bytes of a unit in a file.
    struct Piece {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        Checksum *found = nullptr;
    };

    /// What of the unit's part belongs into the file that is being written.
    Result<void> copyPart(std::size_t unit, AtomicFile &file, const TaskContext &context)
    {
        const UnitPlaces &all = m_units[unit].places;
        std::shared_ptr<const InputFile> part;
        for (const Place &place : std::ranges::equal_range(all.places, m_file, {}, &Place::file)) {
            if (!place.inPart)
                continue;
            if (!part) {
                QS_ASSIGN(part, InputFile::openShared(partPath(m_folder, unit)));
                if (part->size() != all.partBytes)
                    return damaged(unit);
            }
            std::span<std::byte> bytes;
            for (std::uint64_t done = 0; done < place.bytes; done += bytes.size()) {
                QS_CHECK(context.check());
                bytes = std::span(m_piece).first(std::min(kChunkBytes, place.bytes - done));
                QS_CHECK(part->read(place.partBegin + done, bytes));
                QS_CHECK(file.write(place.begin + done, bytes));
            }
        }
        return {};
    }

    std::vector<Piece> piecesIn(std::size_t file) const
    {
        std::vector<Piece> pieces;
        for (const Unit &unit : m_units)
            for (const Place &place : std::ranges::equal_range(unit.places.places, file, {}, &Place::file))
                pieces.push_back({place.begin, place.end(), unit.found.get()});
        std::ranges::sort(pieces, {}, &Piece::begin);
        return pieces;
    }

    /// A file of the output, once from its beginning to its end.
    Result<void> readBack(std::size_t number, Checksum &all, const TaskContext &context)
    {
        QS_ASSIGN(const auto file, InputFile::openShared(fileOfOutput(m_work, m_staged, number)));
        std::uint64_t done = 0;
        /// In chunks, as the unit had them.
        const auto readTo = [&](std::uint64_t end, Checksum *unit) -> Result<void> {
            while (done < end) {
                QS_CHECK(context.check());
                const auto bytes = std::span(m_piece).first(std::min(kChunkBytes, end - done));
                QS_CHECK(file->read(done, bytes));
                all.add(std::span<const std::byte>(bytes));
                if (unit != nullptr)
                    unit->add(checksumOfChunk(bytes));
                done += bytes.size();
            }
            return {};
        };
        for (const Piece &piece : piecesIn(number)) {
            QS_CHECK(readTo(piece.begin, nullptr));
            QS_CHECK(readTo(piece.end, piece.found));
        }
        return readTo(file->size(), nullptr);
    }

    std::unexpected<Error> damaged(std::size_t unit) const
    {
        return fail(ErrorCode::Input,
                    Text::of("the part of unit {} has other bytes than its report says; do the unit again", unit),
                    inQuotes(reportPath(m_folder, unit).native()));
    }

    const Work &m_work;
    const std::filesystem::path &m_folder;
    std::filesystem::path m_staged;
    const KeptReport &m_report;
    AnalysisCache &m_cache;
    std::vector<Unit> m_units;
    std::size_t m_file = 0; ///< of plan.files, which is being written
    MergedOutput m_output;
    std::vector<std::byte> m_piece = std::vector<std::byte>(kChunkBytes);
};

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

/// Whether the report of a unit is there, and what else it needs to be merged, as far as that is seen without reading.
Result<bool> isDone(const Work &work, std::size_t unit, const std::filesystem::path &folder, AnalysisCache &cache)
{
    QS_ASSIGN(const auto report, takeUnitReport(folder, work, unit, cache));
    return report && (isStaged(work, folder) || !placesOf(work, unit).writesOutput());
}

} // namespace

Result<void> takeReports(const Work &work, const std::filesystem::path &folder, AnalysisCache &cache,
                         const TaskContext &context)
{
    return guarded([&]() -> Result<void> {
        std::vector<std::size_t> missing;
        for (std::size_t unit = 0; unit < work.shares.size(); ++unit) {
            QS_CHECK(context.check());
            QS_ASSIGN(const bool done, isDone(work, unit, folder, cache));
            if (!done)
                missing.push_back(unit);
        }
        if (missing.empty())
            return {};
        if (missing.size() == work.shares.size() && wasMerged(work, folder))
            return fail(ErrorCode::Work,
                        Text::of("the output was changed or removed after it had been merged; do all {} units again",
                                 work.shares.size()),
                        inQuotes(work.plan.output));
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

Result<Merged> mergeParts(const Work &work, const std::filesystem::path &folder, bool verifyAll,
                          const KeptReport &report, AnalysisCache &cache, const TaskContext &context)
{
    if (!isStaged(work, folder)) {
        QS_ASSIGN(auto before, findMerged(work, folder, context));
        if (before)
            return Merged{work.file.plan, std::move(*before)};
    }
    ExportOptions options = work.options();
    options.verifyAll = verifyAll;
    Merger merger(work, folder, report, cache);
    auto plan =
        writeExportFrom(merger, *work.format, *work.model, work.plan.recipe, work.plan.output, options, cache, context);
    if (plan)
        return Merged{std::move(*plan), merger.takeOutput()};
    if (plan.error().code == ErrorCode::Cancelled)
        return std::unexpected(plan.error());
    // Another machine may have merged the same parts in the same moment.
    QS_ASSIGN(auto other, findMerged(work, folder, context));
    if (!other)
        return std::unexpected(plan.error());
    std::error_code ignored;
    std::filesystem::remove_all(stagedPath(work, folder), ignored); // made anew, of parts alone
    return Merged{work.file.plan, std::move(*other)};
}

void removeParts(const Work &work, const std::filesystem::path &folder)
{
    std::error_code ignored; // what cannot be removed stays, and does no harm
    for (std::size_t unit = 0; unit < work.shares.size(); ++unit) {
        std::filesystem::remove(reportPath(folder, unit), ignored);
        std::filesystem::remove(partPath(folder, unit), ignored);
    }
    std::filesystem::remove_all(stagedPath(work, folder), ignored);
    if (std::filesystem::is_empty(folder, ignored) && !ignored)
        std::filesystem::remove(folder, ignored);
}

} // namespace qs
