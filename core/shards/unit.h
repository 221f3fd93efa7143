// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One unit of planned work: its part of the output and its report.
#pragma once

#include "core/shards/work.h"

namespace qs {

struct UnitResult {
    std::filesystem::path part;
    std::uint64_t bytes = 0;
    std::string checksum;
    bool doneBefore = false; ///< it was there, whole and of this plan: nothing was written
};

/// Does a unit of the work, in `folder`, which is made if need be. May be done again, and by two machines at once: the
/// bytes are the same. What the unit finds out about its layers goes into the cache, too. Error{Usage} for a unit that
/// the plan does not have, Error{Work} for a layer that is refused, and as AtomicFile.
Result<UnitResult> doUnit(const Work &work, std::size_t unit, const std::filesystem::path &folder, AnalysisCache &cache,
                          const TaskContext &context);

/// Whether the unit is done: its report, and its part unless that has other bytes than the report says. What the report
/// says goes into the cache. Empty when it is not done, is damaged, or belongs to another plan.
Result<std::optional<UnitResult>> findUnit(const Work &work, std::size_t unit, const std::filesystem::path &folder,
                                           AnalysisCache &cache, const TaskContext &context);

} // namespace qs
