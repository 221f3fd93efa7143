// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/planned_source.h"

#include "core/base/checksum.h"
#include "core/base/input_file.h"

#include <sys/stat.h>

namespace qs {

Result<PlannedSource> sourceOf(const InputFile &file)
{
    constexpr std::int64_t kNsPerSecond = 1000000000;
    PlannedSource source{file.path().string(), file.size(), 0, {}};
    struct stat status = {};
    if (file.memory().empty()) {
        source.path = std::filesystem::absolute(file.path()).string();
        if (::stat(file.path().c_str(), &status) == 0)
            source.modifiedNs = status.st_mtim.tv_sec * kNsPerSecond + status.st_mtim.tv_nsec;
    }
    QS_ASSIGN(source.sample, sampleChecksum(file));
    return source;
}

Result<void> checkSource(const PlannedSource &planned, const PlannedSource &now)
{
    const auto changed = [&](Text what) {
        return fail(ErrorCode::Input, Text::of("{}; make a new plan", what), inQuotes(now.path));
    };
    if (now.bytes != planned.bytes)
        return changed(
            Text::of("the file has {} bytes, it had {} when the work was planned", now.bytes, planned.bytes));
    if (now.sample != planned.sample)
        return changed(Text::of("the file has other bytes than when the work was planned"));
    if (now.modifiedNs != planned.modifiedNs)
        return changed(Text::of("the file was written to since the work was planned; a copy has to keep the time"));
    return {};
}

} // namespace qs
