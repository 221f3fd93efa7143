// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/pattern.h"

#include "core/base/text.h"
#include "core/model/model.h"
#include "core/model/names.h"

#include <algorithm>
#include <cctype>

#include <re2/re2.h>

namespace qs {
namespace {

constexpr std::string_view kRegexPrefix = "re:";
constexpr std::string_view kWildcards = "*?";
constexpr std::int64_t kMostMemory = 1 << 20; // of one pattern: thousands of instructions

std::string regexOfGlob(std::string_view glob)
{
    std::string regex;
    for (char c : glob) {
        if (c == '*')
            regex += ".*";
        else if (c == '?')
            regex += '.';
        else if (c == '\0' || (static_cast<unsigned char>(c) & 0x80U) != 0)
            regex += c == '\0' ? std::string("\\x00") : std::string(1, c); // bytes of one character stay together
        else
            regex += RE2::QuoteMeta(re2::StringPiece(&c, 1));
    }
    return regex;
}

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

/// The text that exactPattern() escaped; empty for all other regular expressions.
std::string unescaped(std::string_view regex)
{
    constexpr std::string_view kNul = "\\x00";
    std::string name;
    for (std::size_t i = 0; i < regex.size(); ++i) {
        const auto c = static_cast<unsigned char>(regex[i]);
        if (regex.substr(i).starts_with(kNul)) {
            name += '\0';
            i += kNul.size() - 1;
        } else if (c == '\\' && i + 1 < regex.size() && std::ispunct(static_cast<unsigned char>(regex[i + 1])) != 0) {
            name += regex[++i];
        } else if (std::isalnum(c) != 0 || c == '_' || c >= 0x80) {
            name += regex[i];
        } else {
            return {};
        }
    }
    return name;
}

/// Sum of the larger counts of all {n}, {n,} and {n,m}, wherever they stand: RE2 writes out what is repeated.
std::uint64_t repetitions(std::string_view regex)
{
    constexpr std::uint64_t kMany = Pattern::kMaxRepetitions + 1;
    std::uint64_t sum = 0;
    for (std::size_t open = regex.find('{'); open != std::string_view::npos; open = regex.find('{', open + 1)) {
        std::uint64_t largest = 0;
        std::uint64_t number = 0;
        std::size_t at = open + 1;
        for (; at < regex.size() && (regex[at] == ',' || (regex[at] >= '0' && regex[at] <= '9')); ++at) {
            number = regex[at] == ',' ? 0 : std::min(number * 10 + static_cast<std::uint64_t>(regex[at] - '0'), kMany);
            largest = std::max(largest, number);
        }
        if (at < regex.size() && regex[at] == '}')
            sum += largest;
    }
    return sum;
}

/// "missing ): '(abc'", with as little of the pattern as there is room for.
std::string reasonOf(const RE2 &regex)
{
    const std::string &all = regex.error();
    const std::string &part = regex.error_arg();
    if (part.empty() || !all.ends_with(part))
        return briefInQuotes(all);
    return all.substr(0, all.size() - part.size()) + briefInQuotes(part);
}

Result<void> checkLimits(std::string_view text, bool isRegex)
{
    if (text.size() > Pattern::kMaxBytes)
        return fail(ErrorCode::Usage, Text::of("pattern {} has {} bytes, the limit is {}", briefInQuotes(text),
                                               text.size(), Pattern::kMaxBytes));
    const std::uint64_t counts = isRegex ? repetitions(text) : 0;
    if (counts > Pattern::kMaxRepetitions)
        return fail(ErrorCode::Usage,
                    Text::of("pattern {} repeats what stands before braces more than {} times in all, the limit",
                             briefInQuotes(text), Pattern::kMaxRepetitions));
    return {};
}

} // namespace

Result<Pattern> Pattern::compile(std::string_view text, Anchoring anchoring)
{
    if (text.empty())
        return fail(ErrorCode::Usage, Text::of("a pattern must not be empty"));
    Pattern pattern;
    pattern.m_text = text;
    pattern.m_anchoring = anchoring;
    const bool isRegex = text.starts_with(kRegexPrefix);
    if (anchoring == Anchoring::Whole) { // a plain name is compared as it is
        if (isRegex)
            pattern.m_plain = unescaped(text.substr(kRegexPrefix.size()));
        else if (text.find_first_of(kWildcards) == std::string_view::npos)
            pattern.m_plain = text;
        if (!pattern.m_plain.empty())
            return pattern;
    }
    QS_CHECK(checkLimits(text, isRegex));
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMostMemory);
    options.set_never_capture(true);
    options.set_dot_nl(!isRegex);
    options.set_case_sensitive(anchoring == Anchoring::Whole);
    const std::string regex = isRegex ? std::string(text.substr(kRegexPrefix.size())) : regexOfGlob(text);
    auto compiled = std::make_shared<const RE2>(regex, options);
    if (!compiled->ok())
        return fail(ErrorCode::Usage,
                    Text::of("{} is not a pattern that can be used: {}", briefInQuotes(text), reasonOf(*compiled)));
    pattern.m_regex = std::move(compiled);
    return pattern;
}

std::size_t Pattern::size() const
{
    return m_regex ? static_cast<std::size_t>(m_regex->ProgramSize()) : 0;
}

bool Pattern::matches(std::string_view name) const
{
    if (!m_regex)
        return name == m_plain;
    return m_anchoring == Anchoring::Whole ? RE2::FullMatch(piece(name), *m_regex)
                                           : RE2::PartialMatch(piece(name), *m_regex);
}

bool Pattern::matches(const Layer &layer) const
{
    return matches(layer.name) || matches(layer.module) ||
           std::ranges::any_of(layer.otherNames,
                               [this](const std::string &name) { return matches(name) || matches(moduleName(name)); });
}

std::string exactPattern(std::string_view name)
{
    if (!name.empty() && !name.starts_with(kRegexPrefix) && name.find_first_of(kWildcards) == std::string_view::npos)
        return std::string(name);
    return std::string(kRegexPrefix) + RE2::QuoteMeta(piece(name));
}

std::string briefInQuotes(std::string_view text)
{
    constexpr std::size_t kLongest = 130;
    constexpr std::size_t kHead = 30; // a byte takes at most four
    std::string quoted = inQuotes(text);
    if (quoted.size() <= kLongest)
        return quoted;
    quoted = inQuotes(text.substr(0, kHead));
    return quoted.insert(quoted.size() - 1, "…");
}

} // namespace qs
