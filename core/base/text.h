// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Text for messages: names from files made harmless.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

/// `text` in single quotes on one line: control and bidirectional characters and bytes that are not UTF-8 are written
/// as \xNN, and a text above 120 bytes is shortened in its middle. For names that come from files.
std::string inQuotes(std::string_view text);

/// All of `text` on one line, made harmless in the same way.
std::string printable(std::string_view text);

/// True when all of `text` is UTF-8 (no surrogates, nothing overlong).
bool isUtf8(std::string_view text);

/// inQuotes() names with ", " between them; "… and 7 more" after the first `limit`.
std::string listInQuotes(std::span<const std::string> names, std::size_t limit = 10);

} // namespace qs
