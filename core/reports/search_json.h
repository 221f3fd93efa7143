// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a search found, as JSON.
#pragma once

#include "core/search/search.h"

#include <string>
#include <string_view>

namespace qs {

/// Keys of app/cli/CLI.md.
std::string searchJson(const Model &model, const SearchResult &result, std::string_view format);

} // namespace qs
