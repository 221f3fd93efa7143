// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/text.h"

#include "core/metrics/error_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace qs::cli {
namespace {

bool continues(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Byte position of code point number `index`.
std::size_t bytePosition(std::string_view text, std::size_t index)
{
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (continues(text[at]))
            continue;
        if (index == 0)
            return at;
        --index;
    }
    return at;
}

struct Unit {
    double factor;
    std::string_view name;
};

Unit unitFor(std::uint64_t bytes)
{
    constexpr std::array<std::string_view, 5> kNames = {"B", "KiB", "MiB", "GiB", "TiB"};
    Unit unit{1, kNames[0]};
    for (std::size_t i = 1; i < kNames.size() && static_cast<double>(bytes) >= unit.factor * 1024; ++i)
        unit = {unit.factor * 1024, kNames[i]};
    return unit;
}

std::string inUnit(std::uint64_t bytes, const Unit &unit)
{
    return unit.factor == 1 ? thousands(bytes) : fmt::format("{:.1f}", static_cast<double>(bytes) / unit.factor);
}

} // namespace

std::size_t displayWidth(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

std::string elided(std::string_view text, std::size_t width)
{
    const std::size_t length = displayWidth(text);
    if (length <= width)
        return std::string(text);
    if (width == 0)
        return {};
    const std::size_t head = (width - 1) / 2;
    const std::size_t tail = width - 1 - head;
    return fmt::format("{}…{}", text.substr(0, bytePosition(text, head)),
                       text.substr(bytePosition(text, length - tail)));
}

std::string thousands(std::uint64_t value)
{
    std::string digits = fmt::format("{}", value);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string bytesText(std::uint64_t bytes)
{
    const Unit unit = unitFor(bytes);
    return fmt::format("{} {}", inUnit(bytes, unit), unit.name);
}

std::string bytesChangeText(std::uint64_t before, std::uint64_t after)
{
    if (before == after)
        return bytesText(before);
    const Unit unit = unitFor(std::max(before, after));
    return fmt::format("{} → {} {}", inUnit(before, unit), inUnit(after, unit), unit.name);
}

std::string numberText(double value)
{
    if (!std::isfinite(value))
        return std::string(kNoValue);
    if (value == 0)
        return "0";
    std::string text = fmt::format("{:#.3g}", value);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

std::string numberText(std::optional<double> value)
{
    return value ? numberText(*value) : std::string(kNoValue);
}

std::string percentText(std::optional<double> share)
{
    if (!share || !std::isfinite(*share))
        return std::string(kNoValue);
    // {:.3g} would write 1.2e+03 for large errors.
    const double percent = *share * 100;
    return percent >= 99.95 || percent == 0 ? fmt::format("{:.0f} %", percent) : fmt::format("{:#.3g} %", percent);
}

std::string accuracyText(double share)
{
    return fmt::format("{:.1f} %", share * 100);
}

std::string sqnrText(const Metrics &metrics)
{
    if (metrics.exact)
        return "exact";
    return metrics.sqnrDb ? fmt::format("{:.1f}", *metrics.sqnrDb) : std::string(kNoValue);
}

std::string shapeColumn(const std::vector<std::uint64_t> &shape)
{
    return fmt::format("{}", fmt::join(shape, "×"));
}

} // namespace qs::cli
