// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

namespace qs {
namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t size = 0; ///< bytes; 0: not UTF-8
};

CodePoint decode(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80)
        return {first, 1};
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size)
        return {};
    std::uint32_t value = first & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80)
            return {};
        value = value << 6 | (byte(i) & 0x3FU);
    }
    const std::uint32_t smallest = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
    if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return {};
    return {value, size};
}

// Characters that would break the line or reorder what stands around them.
bool isHarmful(std::uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

void appendSafe(std::string &out, std::string_view text)
{
    while (true) {
        const auto plain = std::ranges::find_if(text, [](char c) { return c < ' ' || c > '~'; }) - text.begin();
        out += text.substr(0, static_cast<std::size_t>(plain));
        text.remove_prefix(static_cast<std::size_t>(plain));
        if (text.empty())
            return;
        const CodePoint point = decode(text);
        const std::size_t size = std::max<std::size_t>(point.size, 1);
        if (point.size != 0 && !isHarmful(point.value)) {
            out += text.substr(0, size);
        } else {
            for (char c : text.substr(0, size))
                out += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
        }
        text.remove_prefix(size);
    }
}

} // namespace

std::string inQuotes(std::string_view text)
{
    constexpr std::size_t kLongest = 120;
    constexpr std::size_t kHead = 80;
    constexpr std::size_t kTail = 30;
    const auto isContinuation = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80; };
    std::string out = "'";
    if (text.size() <= kLongest) {
        appendSafe(out, text);
    } else {
        std::size_t head = kHead;
        while (head > kHead - 4 && isContinuation(head))
            --head;
        std::size_t tail = text.size() - kTail;
        while (tail < text.size() && isContinuation(tail))
            ++tail;
        appendSafe(out, text.substr(0, head));
        out += "…";
        appendSafe(out, text.substr(tail));
    }
    return out + "'";
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t size = decode(text).size;
        if (size == 0)
            return false;
        text.remove_prefix(size);
    }
    return true;
}

std::string printable(std::string_view text)
{
    std::string out;
    appendSafe(out, text);
    return out;
}

std::string listInQuotes(std::span<const std::string> names, std::size_t limit)
{
    std::string out;
    for (std::size_t i = 0; i < std::min(limit, names.size()); ++i) {
        out += i == 0 ? "" : ", ";
        out += inQuotes(names[i]);
    }
    if (names.size() > limit)
        out += fmt::format(" … and {} more", names.size() - limit);
    return out;
}

} // namespace qs
