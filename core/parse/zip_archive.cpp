// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/zip_archive.h"

#include <utility>

#include <fmt/format.h>

namespace qs::zip {

Result<void> Archive::need(std::uint64_t at, std::uint64_t size) const
{
    QS_CHECK(image.at(at, size));
    return {};
}

std::unexpected<Error> Archive::wrong(std::string_view part, std::uint64_t at, std::string message) const
{
    return fail(ErrorCode::Input, std::move(message), fmt::format("{}, ZIP {}, byte {}", where, part, at));
}

} // namespace qs::zip
