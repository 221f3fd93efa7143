// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/resumed.h"

#include "core/base/checked_math.h"
#include "core/shards/merged_output.h"
#include "core/shards/staged.h"
#include "core/shards/unit.h"
#include "core/shards/unit_report.h"

#include <algorithm>

namespace qs {

namespace {

/// What units and their merge leave, the record of the merge last: as long as it is there, a finished output is known.
std::vector<std::filesystem::path> partsIn(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::filesystem::path &path = entry->path();
        const bool isOfUnit = path.filename().native().starts_with("unit-") &&
                              (path.extension() == ".part" || path.extension() == ".json") &&
                              entry->is_regular_file(error);
        if (isOfUnit || isStagedName(path))
            files.push_back(path);
    }
    if (const std::filesystem::path record = recordPath(folder); std::filesystem::is_regular_file(record, error))
        files.push_back(record);
    return files;
}

} // namespace

std::filesystem::path resumeFolder(const std::filesystem::path &output)
{
    return partsFolder(output);
}

std::size_t unitsFor(const Model &model)
{
    constexpr std::uint64_t kUnitBytes = std::uint64_t{256} << 20U;
    constexpr std::uint64_t kFewest = 4; // so that something is kept of small ones, too
    constexpr std::uint64_t kMost = 256;
    return std::clamp<std::uint64_t>(ceilDiv(model.bytes(), kUnitBytes), kFewest, kMost);
}

std::size_t unitsDone(const Work &work)
{
    const std::filesystem::path folder = resumeFolder(work.plan.output);
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        return 0;
    std::size_t done = 0;
    for (std::size_t unit = 0; unit < work.shares.size(); ++unit) {
        AnalysisCache cache; // of the numbers nothing is wanted
        const auto report = takeUnitReport(folder, work, unit, cache);
        const UnitPlaces places = placesOf(work, unit);
        const bool hasPart =
            places.partBytes == 0 || std::filesystem::file_size(partPath(folder, unit), error) == places.partBytes;
        if (report && *report && hasPart && (isStaged(work, folder) || !places.writesOutput()))
            ++done;
    }
    return done;
}

bool holdsParts(const std::filesystem::path &output)
{
    return !partsIn(resumeFolder(output)).empty();
}

void discardParts(const std::filesystem::path &output)
{
    const std::filesystem::path folder = resumeFolder(output);
    std::error_code ignored; // what cannot be removed stays, and does no harm
    for (const std::filesystem::path &file : partsIn(folder))
        std::filesystem::remove_all(file, ignored);
    if (std::filesystem::is_empty(folder, ignored) && !ignored)
        std::filesystem::remove(folder, ignored);
}

Result<void> doUnits(const Work &work, AnalysisCache &cache, const TaskContext &context)
{
    const std::filesystem::path folder = resumeFolder(work.plan.output);
    const auto units = static_cast<double>(work.shares.size());
    for (std::size_t unit = 0; unit < work.shares.size(); ++unit) {
        const auto place = static_cast<double>(unit);
        const auto done = doUnit(work, unit, folder, cache, context.part(place / units, (place + 1) / units));
        if (!done && done.error().code == ErrorCode::Cancelled)
            return fail(ErrorCode::Cancelled,
                        Text::of("stopped on request; {} of {} units are done and kept", unit, work.shares.size()),
                        inQuotes(folder.native()));
        if (!done)
            return std::unexpected(done.error());
    }
    return {};
}

} // namespace qs
