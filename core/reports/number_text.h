// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people read them: the one set of rules for digits and units, for the command line, the window and reports.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace qs {

/// Signs and words of a language. Those of the command line, unless somebody says otherwise.
struct NumberSigns {
    std::string minus = "-";
    std::string decimalPoint = ".";
    std::string thousands = ",";
    std::string unitSpace = " ";      ///< between a number and its unit
    std::string exact = "exact";      ///< in place of an error of zero
    std::string notAvailable = "n/a"; ///< in place of a number that does not exist
};

/// Digits of errors and other results.
inline constexpr int kResultDigits = 3;
/// Digits of scales (step sizes).
inline constexpr int kScaleDigits = 4;

/// Exactly `digits` significant digits, so that columns line up: "0.006600", "1.20e-7", "∞"; whole numbers beyond them
/// are rounded to that many: "12350". "0" for zero, "n/a" for NaN. No thousands separators.
std::string numberText(double value, int digits = kResultDigits, const NumberSigns &signs = {});
std::string numberText(std::optional<double> value, int digits = kResultDigits, const NumberSigns &signs = {});
/// At most `digits` significant digits, without zeros at the end: for ticks of axes and values that people type.
std::string shortNumberText(double value, int digits, const NumberSigns &signs = {});
/// "−0.578 … 0.846"; one number when both look the same.
std::string rangeText(double low, double high, int digits = kResultDigits, const NumberSigns &signs = {});
/// "−128 … 127".
std::string integerRangeText(std::int64_t low, std::int64_t high, const NumberSigns &signs = {});

/// "1,234,567".
std::string countText(std::uint64_t value, const NumberSigns &signs = {});
/// "-1,234,567".
std::string integerText(std::int64_t value, const NumberSigns &signs = {});

/// A share or relative error, 1 for 100 %: "0.870 %", "100 %". "exact" when `isExact`, else "n/a" without a value.
std::string percentText(std::optional<double> share, bool isExact = false, const NumberSigns &signs = {});
/// The same without zeros at the end, for ticks of axes: "0.5 %".
std::string shortPercentText(double share, const NumberSigns &signs = {});
/// An accuracy or agreement of 0..1, one decimal: "97.2 %".
std::string accuracyText(double share, const NumberSigns &signs = {});
/// "97.2 → 96.9 %"; one number when both look the same.
std::string accuracyChangeText(double before, double after, const NumberSigns &signs = {});

/// One decimal: "42.6"; "exact" when `isExact`, else "n/a" without a value.
std::string decibelNumber(std::optional<double> value, bool isExact, const NumberSigns &signs = {});
/// The same with its unit: "42.6 dB", "exact".
std::string decibelText(std::optional<double> value, bool isExact, const NumberSigns &signs = {});

/// "980 B", "295.0 KiB": bytes as they are, above 999 in units of 1024 with one decimal.
std::string bytesText(std::uint64_t bytes, const NumberSigns &signs = {});
/// "295.0 → 77.3 KiB"; "4.0 MiB → 976.6 KiB" with two units; one number when both look the same.
std::string bytesChangeText(std::uint64_t before, std::uint64_t after, const NumberSigns &signs = {});

/// How much smaller or larger something became.
struct SizeChange {
    enum class Kind { Same, Smaller, Larger } kind = Kind::Same; ///< Same: the rounded factor would be 1.0
    double factor = 1;                                           ///< at least 1
};
SizeChange sizeChange(std::uint64_t before, std::uint64_t after);
/// "3.8×", "12×", "∞×", "0.047×".
std::string timesText(double factor, const NumberSigns &signs = {});

/// "128×64"; empty for a scalar.
std::string dimensionsText(std::span<const std::uint64_t> shape);
/// "850 ms", "2.4 s", "3 min".
std::string durationText(double seconds, const NumberSigns &signs = {});

} // namespace qs
