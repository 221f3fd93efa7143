// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/budget_text.h"

#include <charconv>
#include <cmath>

namespace qs {

std::optional<std::pair<double, std::string_view>> numberAndUnit(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || !(value > 0) || !std::isfinite(value))
        return std::nullopt;
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (unit.starts_with(' '))
        unit.remove_prefix(1);
    return std::pair(value, unit);
}

std::optional<SizeBudget> sizeBudget(std::string_view text)
{
    constexpr std::pair<std::string_view, double> kUnits[] = {
        {"", 1}, {"B", 1}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}};
    if (const auto found = numberAndUnit(text))
        for (const auto &[unit, factor] : kUnits)
            if (unit == found->second && found->first * factor < 0x1p62)
                return SizeBudget{static_cast<std::uint64_t>(found->first * factor)};
    return std::nullopt;
}

std::optional<BitsBudget> bitsBudget(std::string_view text)
{
    const auto bits = numberAndUnit(text);
    if (!bits || !bits->second.empty())
        return std::nullopt;
    return BitsBudget{bits->first};
}

std::optional<ErrorBudget> errorBudget(std::string_view text)
{
    const auto error = numberAndUnit(text);
    if (!error || (!error->second.empty() && error->second != "%"))
        return std::nullopt;
    return ErrorBudget{error->second.empty() ? error->first : error->first / 100};
}

} // namespace qs
