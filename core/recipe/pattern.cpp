// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/pattern.h"

#include "core/base/text.h"
#include "core/model/model.h"
#include "core/model/names.h"

#include <algorithm>

#include <re2/re2.h>

namespace qs {
namespace {

constexpr std::string_view kRegexPrefix = "re:";
constexpr std::string_view kWildcards = "*?";

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

} // namespace

Result<Pattern> Pattern::compile(std::string_view text, Anchoring anchoring)
{
    if (text.empty())
        return fail(ErrorCode::Usage, Text::of("a pattern must not be empty"));
    Pattern pattern;
    pattern.m_text = text;
    pattern.m_anchoring = anchoring;
    const bool isRegex = text.starts_with(kRegexPrefix);
    if (anchoring == Anchoring::Whole && !isRegex && text.find_first_of(kWildcards) == std::string_view::npos)
        return pattern; // a plain name is compared as it is
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_dot_nl(!isRegex);
    options.set_case_sensitive(anchoring == Anchoring::Whole);
    const std::string regex = isRegex ? std::string(text.substr(kRegexPrefix.size())) : regexOfGlob(text);
    auto compiled = std::make_shared<const RE2>(regex, options);
    if (!compiled->ok())
        return fail(ErrorCode::Usage,
                    Text::of("{} is not a pattern that can be used: {}", inQuotes(text), compiled->error()));
    pattern.m_regex = std::move(compiled);
    return pattern;
}

bool Pattern::matches(std::string_view name) const
{
    if (!m_regex)
        return name == m_text;
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
    if (!name.starts_with(kRegexPrefix) && name.find_first_of(kWildcards) == std::string_view::npos)
        return std::string(name);
    return std::string(kRegexPrefix) + RE2::QuoteMeta(piece(name));
}

} // namespace qs
