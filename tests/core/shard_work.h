// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Planned work that is done, merged and spoiled in tests.
#pragma once

#include "core/shards/merge.h"
#include "core/shards/staged.h"
#include "core/shards/unit.h"
#include "core/shards/unit_report.h"
#include "tests/core/shard_sources.h"

#include <QDir>

namespace qs::test {

/// Blocks that the few weights of a test fill.
inline constexpr std::uint64_t kSmallBlock = 16;
inline const KeptReport kNoReport = [](const ExportPlan &) { return std::string(); };

/// A change of a file by somebody who should not.
inline void change(const std::filesystem::path &path, const std::function<void(QByteArray &)> &edit)
{
    QByteArray bytes = contents(path);
    edit(bytes);
    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

/// As another machine sees it: through the text of the plan.
inline Result<Work> reopened(const std::string &source, const std::shared_ptr<const Model> &model,
                             const QString &format, const Recipe &recipe, const std::filesystem::path &output,
                             std::size_t units, const ExportOptions &options = {})
{
    QS_ASSIGN(const Work work, plannedWork(source, model, format, recipe, output, units, options));
    QS_ASSIGN(WorkPlan plan, workPlanFromJson(toJson(work.plan), "plan"));
    return openWork(std::move(plan), {});
}

inline Result<Merged> mergeIn(const Work &work, const std::filesystem::path &folder)
{
    AnalysisCache cache;
    QS_CHECK(takeReports(work, folder, cache, {}));
    const KeptReport report = [](const ExportPlan &) { return std::string("the report"); };
    return mergeParts(work, folder, false, report, cache, {});
}

inline Result<void> doAllUnits(const Work &work, const std::filesystem::path &folder)
{
    for (std::size_t unit = 0; unit < work.shares.size(); ++unit) {
        AnalysisCache cache;
        QS_CHECK(doUnit(work, unit, folder, cache, {}));
    }
    return {};
}

inline Result<Merged> mergeAll(const Work &work, const std::filesystem::path &folder)
{
    QS_CHECK(doAllUnits(work, folder));
    return mergeIn(work, folder);
}

inline Place lastInPlace(const Work &work, std::size_t unit)
{
    Place last;
    for (const Place &place : placesOf(work, unit).places)
        if (!place.inPart)
            last = place;
    return last;
}

inline void flipStaged(const Work &work, const std::filesystem::path &folder, const Place &place)
{
    change(fileOfOutput(work, stagedPath(work, folder), place.file), [&](QByteArray &bytes) {
        const auto at = static_cast<qsizetype>(place.begin);
        bytes[at] = char(bytes[at] + 1);
    });
}

inline std::size_t filesIn(const std::filesystem::path &folder)
{
    return static_cast<std::size_t>(
        QDir(QString::fromStdString(folder.string())).entryList(QDir::Files | QDir::Hidden).size());
}

} // namespace qs::test
