// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/number_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace qs {

namespace {

/// Whole numbers of up to so many digits are never written as powers of ten.
constexpr int kMostWholeDigits = 9;
/// From here on a factor is a whole number: 9.95 would be rounded to 10.0.
constexpr double kWholeFactor = 9.95;
/// Below it a factor keeps two digits that mean something: 0.995 would be rounded to 1.0.
constexpr double kNearlyOne = 0.995;

/// Puts the language's signs into a number that {fmt} wrote.
std::string withSigns(std::string_view plain, const NumberSigns &signs)
{
    std::string text;
    for (const char c : plain)
        switch (c) {
        case '-':
            text += signs.minus;
            break;
        case '.':
            text += signs.decimalPoint;
            break;
        case ',':
            text += signs.thousands;
            break;
        default:
            text += c;
        }
    return text;
}

std::string withUnit(std::string_view number, std::string_view unit, const NumberSigns &signs)
{
    return fmt::format("{}{}{}", number, signs.unitSpace, unit);
}

/// `value` with `decimals` digits behind the point.
std::string fixed(double value, int decimals, const NumberSigns &signs)
{
    return withSigns(fmt::format("{:.{}f}", value, decimals), signs);
}

std::string digitsText(double value, int digits, bool fill, const NumberSigns &signs)
{
    if (std::isnan(value))
        return signs.notAvailable;
    if (std::isinf(value))
        return (value < 0 ? signs.minus : std::string()) + "∞";
    if (value == 0)
        return "0"; // no "-0"
    std::string text = fill ? fmt::format("{:#.{}g}", value, digits) : fmt::format("{:.{}g}", value, digits);
    if (const std::size_t e = text.find('e'); e != std::string::npos) {
        const int exponent = std::atoi(text.c_str() + e + 1);
        if (exponent >= 0 && exponent < kMostWholeDigits) {
            const double unit = std::pow(10.0, exponent - digits + 1);
            text = fmt::format("{:.0f}", std::round(value / unit) * unit);
        } else {
            text = text.substr(0, e + 1) + std::to_string(exponent); // "e-7", not "e-07"
        }
    } else if (const std::size_t point = text.find('.'); point != std::string::npos) {
        // {fmt} writes "100.0" for three digits.
        if (const std::size_t whole = point - (value < 0 ? 1 : 0); whole >= static_cast<std::size_t>(digits))
            text.resize(point);
    }
    return withSigns(text, signs);
}

std::string oneOrBoth(const std::string &low, const std::string &high)
{
    return low == high ? low : fmt::format("{} … {}", low, high);
}

std::string grouped(std::string digits)
{
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

struct ByteUnit {
    double size;
    std::string_view name;
};

constexpr std::array<ByteUnit, 5> kByteUnits{
    {{1.0, "B"}, {1024.0, "KiB"}, {1048576.0, "MiB"}, {1073741824.0, "GiB"}, {1099511627776.0, "TiB"}}};

const ByteUnit &byteUnit(std::uint64_t bytes)
{
    std::size_t unit = bytes > 999 ? 1 : 0;
    // From 999.95 on the number would be rounded to four digits before the point.
    while (unit > 0 && unit + 1 < kByteUnits.size() && static_cast<double>(bytes) / kByteUnits[unit].size >= 999.95)
        ++unit;
    return kByteUnits[unit];
}

std::string bytesIn(std::uint64_t bytes, const ByteUnit &unit, const NumberSigns &signs)
{
    return fixed(static_cast<double>(bytes) / unit.size, unit.size == 1 ? 0 : 1, signs);
}

} // namespace

std::string numberText(double value, int digits, const NumberSigns &signs)
{
    return digitsText(value, digits, true, signs);
}

std::string numberText(std::optional<double> value, int digits, const NumberSigns &signs)
{
    return value ? numberText(*value, digits, signs) : signs.notAvailable;
}

std::string shortNumberText(double value, int digits, const NumberSigns &signs)
{
    return digitsText(value, digits, false, signs);
}

std::string rangeText(double low, double high, int digits, const NumberSigns &signs)
{
    return oneOrBoth(numberText(low, digits, signs), numberText(high, digits, signs));
}

std::string integerRangeText(std::int64_t low, std::int64_t high, const NumberSigns &signs)
{
    return oneOrBoth(integerText(low, signs), integerText(high, signs));
}

std::string countText(std::uint64_t value, const NumberSigns &signs)
{
    return withSigns(grouped(std::to_string(value)), signs);
}

std::string integerText(std::int64_t value, const NumberSigns &signs)
{
    const auto size = static_cast<std::uint64_t>(value);
    return value < 0 ? signs.minus + countText(0 - size, signs) : countText(size, signs);
}

std::string percentText(std::optional<double> share, bool isExact, const NumberSigns &signs)
{
    if (isExact)
        return signs.exact;
    if (!share || std::isnan(*share))
        return signs.notAvailable;
    return withUnit(numberText(*share * 100, kResultDigits, signs), "%", signs);
}

std::string shortPercentText(double share, const NumberSigns &signs)
{
    return withUnit(shortNumberText(share * 100, kResultDigits, signs), "%", signs);
}

std::string accuracyText(double share, const NumberSigns &signs)
{
    return withUnit(fixed(share * 100, 1, signs), "%", signs);
}

std::string accuracyChangeText(double before, double after, const NumberSigns &signs)
{
    const std::string first = fixed(before * 100, 1, signs);
    const std::string second = accuracyText(after, signs);
    return accuracyText(before, signs) == second ? second : fmt::format("{} → {}", first, second);
}

std::string decibelNumber(std::optional<double> value, bool isExact, const NumberSigns &signs)
{
    if (isExact)
        return signs.exact;
    return value && !std::isnan(*value) ? fixed(*value, 1, signs) : signs.notAvailable;
}

std::string decibelText(std::optional<double> value, bool isExact, const NumberSigns &signs)
{
    const std::string number = decibelNumber(value, isExact, signs);
    return isExact || !value || std::isnan(*value) ? number : withUnit(number, "dB", signs);
}

std::string bytesText(std::uint64_t bytes, const NumberSigns &signs)
{
    const ByteUnit &unit = byteUnit(bytes);
    return withUnit(bytesIn(bytes, unit, signs), unit.name, signs);
}

std::string bytesChangeText(std::uint64_t before, std::uint64_t after, const NumberSigns &signs)
{
    const std::string first = bytesText(before, signs);
    const std::string second = bytesText(after, signs);
    if (first == second)
        return second;
    const ByteUnit &unit = byteUnit(before);
    return fmt::format("{} → {}", unit.size == byteUnit(after).size ? bytesIn(before, unit, signs) : first, second);
}

SizeChange sizeChange(std::uint64_t before, std::uint64_t after)
{
    const double smaller = static_cast<double>(before < after ? before : after);
    const double larger = static_cast<double>(before < after ? after : before);
    if (before == after || (smaller > 0 && larger / smaller < 1.05))
        return {};
    return {after < before ? SizeChange::Kind::Smaller : SizeChange::Kind::Larger, larger / smaller};
}

std::string timesText(double factor, const NumberSigns &signs)
{
    if (!std::isfinite(factor))
        return numberText(factor, kResultDigits, signs) + "×";
    if (factor < kNearlyOne)
        return numberText(factor, 2, signs) + "×";
    return fixed(factor, factor < kWholeFactor ? 1 : 0, signs) + "×";
}

std::string dimensionsText(std::span<const std::uint64_t> shape)
{
    return fmt::format("{}", fmt::join(shape, "×"));
}

std::string durationText(double seconds, const NumberSigns &signs)
{
    // The ends are those where rounding would reach the next unit.
    if (seconds < 0.9995)
        return withUnit(fixed(seconds * 1000, 0, signs), "ms", signs);
    if (seconds < 59.95)
        return withUnit(fixed(seconds, seconds < kWholeFactor ? 1 : 0, signs), "s", signs);
    return withUnit(fixed(seconds / 60, 0, signs), "min", signs);
}

} // namespace qs
