// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The records at the end of a ZIP archive, which say where its directory is.
#pragma once

#include "core/parse/zip_archive.h"

namespace qs::zip {

/// Where the central directory is.
struct Bounds {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t entries = 0;
};

/// Finds the directory by the record that ends the archive, and by those of 64 bits where there are some. They must
/// agree, the directory must end where they begin, and there are at most kMaxEntries entries: else Error{Input}.
Result<Bounds> readEndRecords(const Archive &archive);

} // namespace qs::zip
