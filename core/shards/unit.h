// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One unit of planned work: its bytes of the output and its report.
#pragma once

#include "core/shards/work.h"

namespace qs {

struct UnitResult {
    std::filesystem::path
        path; ///< of what holds its bytes: the output in the making or done, or a part for small units
    std::uint64_t bytes = 0;
    std::string checksum;
    bool doneBefore = false; ///< it was there, whole and of this plan: nothing was written
};

/// Does a unit of the work, in `folder`, which is made if need be: writes its bytes into the output that is in the
/// making there, or where they share blocks with others into a part, and then, once they are on the disk, its report.
/// May be done again, and by two machines at once: the bytes are the same. What the unit finds out about its layers
/// goes into the cache, too. Error{Usage} for a unit that the plan does not have, Error{Work} for a layer that is
/// refused, and as AtomicFile.
Result<UnitResult> doUnit(const Work &work, std::size_t unit, const std::filesystem::path &folder, AnalysisCache &cache,
                          const TaskContext &context);

} // namespace qs
