// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/text.h"

#include <fmt/format.h>

#include <algorithm>

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
