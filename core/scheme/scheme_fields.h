// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a scheme as one table, for everything that goes through all of them: text, JSON, CSV, options,
// caches, differences. A new field is a member of Scheme and of SchemePatch, and a row here.
#pragma once

#include "core/base/text.h"
#include "core/scheme/scheme.h"

#include <concepts>
#include <tuple>
#include <type_traits>

namespace qs {

/// One field and its counterpart in a patch.
template <class T> struct FieldRow {
    using Value = T;
    static constexpr bool kIsNumber = std::integral<T>; ///< in JSON; all others are strings

    std::string_view key; ///< in recipes, JSON and CSV, and with '-' for '_' as an option
    T Scheme::*member;
    std::optional<T> SchemePatch::*patch;
    /// Error{Usage} names the key and what was expected.
    Result<T> (*parse)(std::string_view key, std::string_view text);
    std::string (*text)(const T &value); ///< what parse() reads back
    /// In a summary for people; null: not there.
    Text (*phrase)(const T &value);
    bool always;           ///< in a summary; false: only when it is not as in the default scheme
    std::string (*help)(); ///< one line for the command line

    const T &of(const Scheme &scheme) const { return scheme.*member; }
    const std::optional<T> &of(const SchemePatch &fields) const { return fields.*patch; }
    std::optional<T> &of(SchemePatch &fields) const { return fields.*patch; }
    T &of(Scheme &scheme) const { return scheme.*member; }
};

using FieldTable = std::tuple<FieldRow<std::string>, FieldRow<Mode>, FieldRow<int>, FieldRow<Granularity>,
                              FieldRow<RangeMethod>, FieldRow<CodeRange>, FieldRow<ScaleType>, FieldRow<Codes>>;
inline constexpr std::size_t kSchemeFieldCount = std::tuple_size_v<FieldTable>;

/// In the order in which they are listed everywhere.
extern const FieldTable kSchemeFields;

/// Calls visit(field) for each field.
template <class Visitor> void forEachField(Visitor &&visit)
{
    std::apply([&](const auto &...field) { (visit(field), ...); }, kSchemeFields);
}

/// Calls visit(field, value) for each field of a Scheme, or visit(field, optional) for each of a SchemePatch.
template <class Fields, class Visitor> void forEachField(Fields &fields, Visitor &&visit)
{
    forEachField([&](const auto &field) { visit(field, field.of(fields)); });
}

/// Calls visit(field, value) for each field that has a value: all of a Scheme, those that a SchemePatch sets.
template <class Fields, class Visitor> void forEachValue(const Fields &fields, Visitor &&visit)
{
    forEachField([&](const auto &field) {
        if constexpr (std::same_as<Fields, Scheme>)
            visit(field, field.of(fields));
        else if (const auto &value = field.of(fields))
            visit(field, *value);
    });
}

/// The fields of `to` that differ from those of `from`.
SchemePatch difference(const Scheme &from, const Scheme &to);

/// Text of the field with that key; empty when no field has it, or the patch does not set it.
std::optional<std::string> fieldText(const Scheme &scheme, std::string_view key);
std::optional<std::string> fieldText(const SchemePatch &patch, std::string_view key);
/// The patch no longer sets the field with that key.
void clearField(SchemePatch &patch, std::string_view key);

} // namespace qs
