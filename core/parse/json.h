// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// JSON from files that nobody vouches for: events or a small tree, with limits and byte offsets.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qs::json {

inline constexpr std::size_t kMaxDepth = 64;

/// What was found. Whole numbers are Unsigned, or Signed when written with a minus; all that is written with a point
/// or an exponent, or does not fit 64 bits, is Float.
enum class Kind : std::uint8_t { Null, Bool, Unsigned, Signed, Float, String, Array, Object };

/// "a string", "an object" …, for messages.
Text describe(Kind kind);

/// A value without children. `text` may be moved from.
struct Scalar {
    Kind kind = Kind::Null;
    bool boolean = false;
    std::uint64_t number = 0;  ///< Unsigned
    std::int64_t negative = 0; ///< Signed
    double real = 0;           ///< Float
    std::string text;          ///< String
};

/// Hears what a text holds, in order. An error that a function returns ends the parse; so does the parser for text
/// that is not JSON and for nesting above kMaxDepth. `offset` is the byte after the token.
class Handler
{
public:
    virtual ~Handler() = default;
    virtual Result<void> scalar(Scalar &value, std::size_t offset) = 0;
    virtual Result<void> key(std::string &name, std::size_t offset) = 0;
    /// `kind` is Array or Object.
    virtual Result<void> begin(Kind kind, std::size_t offset) = 0;
    virtual Result<void> end(std::size_t offset) = 0;
};

/// Error{Input} with `where` and the byte (counted from `baseOffset`) when the text is not one JSON value in UTF-8.
Result<void> parseEvents(std::string_view text, Handler &handler, const std::string &where, std::size_t baseOffset = 0);

struct Member;

/// One value of a tree.
struct Value {
    Kind kind = Kind::Null;
    bool boolean = false;
    std::uint64_t number = 0;
    std::int64_t negative = 0;
    double real = 0;
    std::string text;
    std::vector<Value> items;    ///< of an array
    std::vector<Member> members; ///< of an object, in order, names unique

    const Value *find(std::string_view name) const;
};

struct Member {
    std::string name;
    Value value;
};

/// The whole text as a tree; a name that stands twice in one object is an error, too.
Result<Value> parse(std::string_view text, const std::string &where);

} // namespace qs::json
