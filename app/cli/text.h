// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and names as people read them on a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qs {
struct Metrics;
}

namespace qs::cli {

/// What stands where a number does not exist.
inline constexpr std::string_view kNoValue = "–";

/// Columns that UTF-8 text takes, one per code point.
std::size_t displayWidth(std::string_view text);
/// Shortened in the middle to `width` columns.
std::string elided(std::string_view text, std::size_t width);

/// "1,234,567".
std::string thousands(std::uint64_t value);
/// "980 B", "295.0 KiB".
std::string bytesText(std::uint64_t bytes);
/// "295.0 → 76.4 KiB", in the larger one's unit; one number when nothing changes.
std::string bytesChangeText(std::uint64_t before, std::uint64_t after);
/// Three significant digits: "0.00312".
std::string numberText(double value);
std::string numberText(std::optional<double> value);
/// A share or relative error of 0..1 with three significant digits: "0.686 %".
std::string percentText(std::optional<double> share);
/// Accuracies: "97.2 %".
std::string accuracyText(double share);
/// Decibels with one decimal; "exact" when there is no error.
std::string sqnrText(const Metrics &metrics);
/// "128×64".
std::string shapeColumn(const std::vector<std::uint64_t> &shape);

} // namespace qs::cli
