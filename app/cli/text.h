// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Texts in the columns of a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace qs::cli {

/// What stands where a number does not apply, as in the window.
inline constexpr std::string_view kNone = "–";

/// Columns that UTF-8 text takes, one per code point.
std::size_t displayWidth(std::string_view text);
/// Shortened in the middle to `width` columns.
std::string elided(std::string_view text, std::size_t width);

/// Whether the terminal's letters are UTF-8, as LC_ALL, LC_CTYPE or LANG say.
bool localeIsUtf8();
/// For other terminals: known signs by ASCII ones that are as wide ("-" for a minus or a line, "~" for "…"), all else
/// by '?'.
std::string asciiText(std::string_view text);

} // namespace qs::cli
