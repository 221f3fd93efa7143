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

/// Compiled pattern. RE2 keeps the time linear on hostile names; limits on the pattern keep compiling cheap.
class Pattern
{
public:
    static constexpr std::size_t kMaxBytes = 4096;
    static constexpr std::uint64_t kMaxRepetitions = 1000; ///< sum of all counts, as in x{2,5}

    /// Error{Usage} when a regular expression does not parse, and for patterns above the limits. A plain name has none.
    static Result<Pattern> compile(std::string_view text, Anchoring anchoring = Anchoring::Whole);
    bool matches(std::string_view name) const;
    /// Matches the tensor name or the module name, or one of the other names of a tied layer.
    bool matches(const Layer &layer) const;
    /// True when it matches just one name: the text without wildcards, or what exactPattern() made of a name.
    bool isPlainName() const { return !m_regex; }
    const std::string &plainName() const { return m_plain; }
    const std::string &text() const { return m_text; }
    /// Instructions that it was compiled to, by which its cost grows; 0 for plain names.
    std::size_t size() const;

private:
    std::string m_text;
    std::string m_plain; ///< that it matches; empty for a regular expression
    Anchoring m_anchoring = Anchoring::Whole;
    std::shared_ptr<const re2::RE2> m_regex;
};

/// A glob that matches exactly `name` (its special characters escaped through re: when it has some).
std::string exactPattern(std::string_view name);

/// The pattern, or a name, for messages: inQuotes(), but never longer than about 130 bytes.
std::string briefInQuotes(std::string_view text);

} // namespace qs
