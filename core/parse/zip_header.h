// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The header of an entry of a ZIP archive: in the directory, and once more before the payload.
#pragma once

#include "core/parse/zip.h"
#include "core/parse/zip_archive.h"

namespace qs::zip {

/// A header of the central directory and what its local header has to repeat.
struct Header {
    Entry entry;
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::string_view rawName;
    std::uint64_t at = 0; ///< byte of the header in the directory
};

/// Reads and checks the header at byte `at` of a directory that ends at byte `stop`, and moves `at` on to the next
/// one. Error{Input} with the field that breaks a rule.
Result<Header> readCentral(const Archive &archive, std::uint64_t &at, std::uint64_t stop);

/// Compares the local header, and the descriptor behind the payload where there is one, with the central header, and
/// sets where the payload begins and where all of the entry ends. Error{Input} when they differ or reach into the
/// directory at byte `directoryOffset`.
Result<void> readLocal(const Archive &archive, Header &header, std::uint64_t directoryOffset);

} // namespace qs::zip
