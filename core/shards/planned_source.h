// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PlannedSource: how a file of the source is known again.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace qs {

class InputFile;

/// A file of the source as it was when the work was planned.
struct PlannedSource {
    std::string path; ///< absolute, or the name of a built-in model
    std::uint64_t bytes = 0;
    std::int64_t modifiedNs = 0; ///< since 1970; 0 for built-in models
    std::string sample;          ///< sampleChecksum()

    bool operator==(const PlannedSource &) const = default;
};

/// The file as it is now. Errors as InputFile::read().
Result<PlannedSource> sourceOf(const InputFile &file);

/// Error{Input} that says what of the file is not as it was when the work was planned.
Result<void> checkSource(const PlannedSource &planned, const PlannedSource &now);

} // namespace qs
