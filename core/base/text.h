// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Text for people: sentences that can be said in another language, and names from files made harmless.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Says to lupdate under which context the literals of a class are filed.
#define QS_TEXT_CONTEXT(context)

namespace qs {

struct TextArgument;

/// Number of "{}" and "{0}", "{1}" … in `literal`: the highest index and one. "{{" and "}}" are braces that are shown.
/// Whatever else is between braces, and a mixture of both kinds, is no constant expression.
consteval std::size_t countPlaceholders(const char *literal)
{
    std::size_t inOrder = 0;
    std::size_t byIndex = 0;
    for (const char *at = literal; *at != 0; ++at) {
        if ((*at == '{' || *at == '}') && at[1] == *at) {
            ++at;
        } else if (*at == '{' && at[1] == '}') {
            ++inOrder;
            ++at;
        } else if (*at == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}') {
            byIndex = std::max(byIndex, static_cast<std::size_t>(at[1] - '0') + 1);
            at += 2;
        } else if (*at == '{' || *at == '}') {
            throw "places are written {} or {0}; the number of digits is up to the argument";
        }
    }
    if (inOrder != 0 && byIndex != 0)
        throw "places are all {} or all numbered";
    return inOrder + byIndex;
}

/// A string literal with places for `count` arguments.
template <std::size_t count> struct TextLiteral {
    const char *text;

    template <std::size_t size>
    consteval TextLiteral(const char (&literal)[size])
        : text(literal)
    {
        if (countPlaceholders(literal) != count)
            throw "the literal has another number of places than arguments";
    }
};

/// A sentence of the program: a literal of the source and its arguments, kept apart, so that whoever shows it can say
/// it in another language. Cannot be changed; copies share one content, and an empty one has none. Programs tell cases
/// apart by codes, never by the words of a Text; equality is for tests and for telling whether something has changed.
class Text
{
    QS_TEXT_CONTEXT(Core)

public:
    /// The same sentence in another language; places may stand in another order by index: "{1} … {0}".
    using Translate = std::function<std::string(const char *literal)>;

    Text() = default;

    /// Text::of("no space left for {} bytes in {}", size, inQuotes(folder)). Arguments are texts, numbers, and strings
    /// that are the same in every language and harmless. Numbers look as they do in C++; one that has to look otherwise
    /// comes as a string.
    template <class... Arguments>
    static Text of(TextLiteral<sizeof...(Arguments)> literal, const Arguments &...arguments);
    /// For tables of constants: Text::of(row.description).
    static consteval TextLiteral<0> constant(TextLiteral<0> text) { return text; }
    /// Words that come from outside: of the system, of a library, of a file.
    static Text asIs(std::string words);

    bool empty() const { return !m_content; }
    /// In English.
    std::string str() const;
    /// In the language of `translate`; in English where a translation has places for arguments that are not there.
    std::string in(const Translate &translate) const;

    bool operator==(const Text &other) const;

private:
    struct Content;

    static Text make(const char *literal, std::span<TextArgument> arguments);

    std::shared_ptr<const Content> m_content;
};

struct TextArgument {
    std::variant<std::string, Text> value;

    TextArgument(const Text &text)
        : value(text)
    {}
    TextArgument(std::string_view words)
        : value(std::string(words))
    {}
    TextArgument(const std::string &words)
        : value(words)
    {}
    TextArgument(const char *words)
        : value(std::string(words))
    {}
    TextArgument(std::integral auto number)
        : value(std::to_string(number))
    {}
    TextArgument(double number);
    TextArgument(float) = delete;
    TextArgument(bool) = delete;
    TextArgument(char) = delete;

    bool operator==(const TextArgument &) const = default;
};

template <class... Arguments> Text Text::of(TextLiteral<sizeof...(Arguments)> literal, const Arguments &...arguments)
{
    std::array<TextArgument, sizeof...(Arguments)> list{TextArgument(arguments)...};
    return make(literal.text, list);
}

/// `text` in single quotes on one line: control and bidirectional characters and bytes that are not UTF-8 are written
/// as \xNN, and a text above 120 bytes is shortened in its middle. For names that come from files.
std::string inQuotes(std::string_view text);

/// All of `text` on one line, made harmless in the same way.
std::string printable(std::string_view text);

/// True when all of `text` is UTF-8 (no surrogates, nothing overlong).
bool isUtf8(std::string_view text);

/// inQuotes() names with ", " between them; "… and 7 more" after the first `limit`.
std::string listInQuotes(std::span<const std::string> names, std::size_t limit = 10);

} // namespace qs
