// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/names.h"

#include <algorithm>
#include <cstddef>

namespace qs {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Cuts the leading run of digits (or the one leading character) off `text`.
std::string_view takeToken(std::string_view &text)
{
    std::size_t size = 1;
    while (isDigit(text[0]) && size < text.size() && isDigit(text[size]))
        ++size;
    const std::string_view token = text.substr(0, size);
    text.remove_prefix(size);
    return token;
}

std::string_view withoutZeros(std::string_view digits)
{
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

/// Negative, zero or positive.
int compareTokens(std::string_view a, std::string_view b)
{
    if (!isDigit(a[0]) || !isDigit(b[0]))
        return a.compare(b);
    a = withoutZeros(a);
    b = withoutZeros(b);
    if (a.size() != b.size())
        return a.size() < b.size() ? -1 : 1;
    return a.compare(b);
}

} // namespace

bool naturalLess(std::string_view a, std::string_view b)
{
    // What both begin with is equal whatever it is, but a run of digits must be compared as a whole.
    auto same = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    while (same > 0 && isDigit(a[same - 1]))
        --same;
    std::string_view restA = a.substr(same);
    std::string_view restB = b.substr(same);
    while (!restA.empty() && !restB.empty())
        if (const int order = compareTokens(takeToken(restA), takeToken(restB)); order != 0)
            return order < 0;
    if (restA.empty() != restB.empty())
        return restA.empty();
    return a < b; // same but for leading zeros
}

std::string_view moduleName(std::string_view name)
{
    constexpr std::string_view kSuffix = ".weight";
    if (name.size() > kSuffix.size() && name.ends_with(kSuffix))
        name.remove_suffix(kSuffix.size());
    return name;
}

} // namespace qs
