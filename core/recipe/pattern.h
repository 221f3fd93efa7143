// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Patterns that pick layers by name: globs (*, ?) or re:REGEX.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace qs {

struct Layer;

/// What a pattern is compared with.
enum class Anchoring : std::uint8_t {
    Whole, ///< the whole name, letters as they are: rules
    Part,  ///< any part of the name, capital or not: filters
};

/// Compiled pattern. RE2 keeps the time linear on hostile names.
class Pattern
{
public:
    /// Error{Usage} when a regular expression does not parse.
    static Result<Pattern> compile(std::string_view text, Anchoring anchoring = Anchoring::Whole);
    bool matches(std::string_view name) const;
    /// Matches the tensor name or the module name, or one of the other names of a tied layer.
    bool matches(const Layer &layer) const;
    /// True when the text has no wildcards and is no regular expression, and matches just itself.
    bool isPlainName() const { return !m_regex; }
    const std::string &text() const { return m_text; }

private:
    std::string m_text;
    Anchoring m_anchoring = Anchoring::Whole;
    std::shared_ptr<const re2::RE2> m_regex;
};

/// A glob that matches exactly `name` (its special characters escaped through re: when it has some).
std::string exactPattern(std::string_view name);

} // namespace qs
