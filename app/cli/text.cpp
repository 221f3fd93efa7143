// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iterator>
#include <utility>

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

} // namespace

std::size_t displayWidth(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

bool localeIsUtf8()
{
    for (const char *name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char *value = std::getenv(name);
        if (value == nullptr || *value == 0)
            continue;
        std::string lower(value);
        std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
        return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
    }
    return false;
}

std::string asciiText(std::string_view text)
{
    constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
        {"─", "-"},   {"–", "-"}, {"−", "-"}, {"…", "~"},  {"×", "x"},  {"→", ">"},
        {"∞", "inf"}, {"µ", "u"}, {"·", "*"}, {"≤", "<="}, {"≥", ">="}, {"‖", "|"},
    };
    std::string result;
    while (!text.empty()) {
        if (static_cast<unsigned char>(text.front()) < 0x80) {
            result += text.front();
            text.remove_prefix(1);
            continue;
        }
        const auto sign = std::ranges::find_if(kSigns, [&](const auto &each) { return text.starts_with(each.first); });
        result += sign == std::end(kSigns) ? "?" : sign->second;
        std::size_t end = 1;
        while (end < text.size() && continues(text[end]))
            ++end;
        text.remove_prefix(end);
    }
    return result;
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

} // namespace qs::cli
