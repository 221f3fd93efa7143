// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/resumed.h"

#include "core/base/checked_math.h"
#include "core/shards/unit.h"

#include <algorithm>

namespace qs {

std::filesystem::path resumeFolder(const std::filesystem::path &output)
{
    return partsFolder(output);
}

std::size_t unitsFor(const Model &model)
{
    constexpr std::uint64_t kUnitBytes = std::uint64_t{256} << 20U;
    constexpr std::uint64_t kMost = 256;
    return std::clamp<std::uint64_t>(ceilDiv(model.bytes(), kUnitBytes), 1, kMost);
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
