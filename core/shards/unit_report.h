// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// UnitReport: what a unit has found out about its layers, and how to know its part again.
#pragma once

#include "core/analysis/analysis_cache.h"
#include "core/shards/work.h"

namespace qs {

/// Files of a unit in the folder of the parts.
std::filesystem::path partPath(const std::filesystem::path &folder, std::size_t unit);
std::filesystem::path reportPath(const std::filesystem::path &folder, std::size_t unit);

/// Beside each part; written after it, so that a part without one is not there.
struct UnitReport {
    std::uint64_t bytes = 0; ///< of the part
    std::string checksum;    ///< of its bytes
};

/// JSON with what the cache knows of the unit's layers: the very numbers, to the last bit.
std::string unitReportJson(const UnitReport &report, const Work &work, std::size_t unit, AnalysisCache &cache);

/// Reads the report of a unit and puts what it says of layers into the cache. Nothing when there is no such file, or it
/// belongs to another plan or unit; Error{Input} when it cannot be read or is damaged.
Result<std::optional<UnitReport>> takeUnitReport(const std::filesystem::path &folder, const Work &work,
                                                 std::size_t unit, AnalysisCache &cache);

} // namespace qs
