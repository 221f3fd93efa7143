// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

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

/// `literal` with the arguments in their places; empty when it asks for one that is not there.
std::optional<std::string> fill(std::string_view literal, std::span<const std::string> arguments)
{
    std::string out;
    std::size_t next = 0;
    for (std::size_t i = 0; i < literal.size(); ++i) {
        const char c = literal[i];
        if (c != '{' && c != '}') {
            out += c;
        } else if (literal.substr(i + 1).starts_with(c)) {
            out += c;
            ++i;
        } else {
            const std::size_t end = literal.find('}', i);
            std::size_t index = next++;
            if (c == '}' || end == std::string_view::npos)
                return std::nullopt;
            const std::string_view digits = literal.substr(i + 1, end - i - 1);
            const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
            if ((!digits.empty() && (error != std::errc() || rest != digits.data() + digits.size())) ||
                index >= arguments.size())
                return std::nullopt;
            out += arguments[index];
            i = end;
        }
    }
    return out;
}

} // namespace

struct Text::Content {
    const char *literal; ///< null: the only argument is the text
    std::vector<TextArgument> arguments;
};

TextArgument::TextArgument(double number)
    : value(fmt::format("{}", number))
{}

Text Text::make(const char *literal, std::span<TextArgument> arguments)
{
    Text text;
    text.m_content = std::make_shared<const Content>(
        literal, std::vector<TextArgument>(std::move_iterator(arguments.begin()), std::move_iterator(arguments.end())));
    return text;
}

Text Text::asIs(std::string words)
{
    if (words.empty())
        return {};
    std::array<TextArgument, 1> argument{TextArgument(std::move(words))};
    return make(nullptr, argument);
}

std::string Text::str() const
{
    return in(nullptr);
}

std::string Text::in(const Translate &translate) const
{
    if (!m_content)
        return {};
    std::vector<std::string> words;
    for (const auto &[argument] : m_content->arguments) {
        const Text *text = std::get_if<Text>(&argument);
        words.push_back(text ? text->in(translate) : std::get<std::string>(argument));
    }
    if (!m_content->literal)
        return words.front();
    if (translate) {
        if (std::optional<std::string> translated = fill(translate(m_content->literal), words))
            return *std::move(translated);
    }
    return fill(m_content->literal, words).value_or(std::string());
}

bool Text::operator==(const Text &other) const
{
    if (m_content == other.m_content || !m_content || !other.m_content)
        return m_content == other.m_content;
    const auto literal = [](const Text &text) {
        return std::string_view(text.m_content->literal ? text.m_content->literal : "");
    };
    return literal(*this) == literal(other) && m_content->arguments == other.m_content->arguments;
}

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
