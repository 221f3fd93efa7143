// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Patterns that pick layers by name: globs (*, ?) or re:REGEX.
#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace qs {

struct Layer;

/// Compiled pattern. Matches whole names, case-sensitive; RE2 keeps the time linear on hostile names.
class Pattern
{
public:
    /// Error{Usage} when a regular expression does not parse.
    static Result<Pattern> compile(std::string_view text);
    bool matches(std::string_view name) const;
    /// Matches the tensor name or the module name.
    bool matches(const Layer &layer) const;
    /// True when the text has no wildcards and is no regular expression: it matches just itself.
    bool isPlainName() const { return !m_regex; }
    const std::string &text() const { return m_text; }

private:
    std::string m_text;
    std::shared_ptr<const re2::RE2> m_regex;
};

/// A glob that matches exactly `name` (its special characters escaped through re: when it has some).
std::string exactPattern(std::string_view name);

} // namespace qs
