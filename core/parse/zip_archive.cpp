// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/zip_archive.h"

#include <utility>

namespace qs::zip {

Result<void> Archive::need(std::uint64_t at, std::uint64_t size) const
{
    QS_CHECK(image.at(at, size));
    return {};
}

std::unexpected<Error> Archive::wrong(const Text &part, std::uint64_t at, Text message) const
{
    return fail(ErrorCode::Input, std::move(message), Text::of("{}, ZIP {}, byte {}", where, part, at));
}

} // namespace qs::zip
