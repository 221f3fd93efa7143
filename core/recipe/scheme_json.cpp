// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/scheme_json.h"

#include "core/base/text.h"

namespace qs {

Result<void> setSchemeField(SchemePatch &patch, std::string_view name, const json::Value &value)
{
    // Unknown names and wrong values are told by set(), with what it expects; here only the JSON type is looked at.
    std::string text = value.text;
    std::optional<json::Kind> expected;
    forEachField([&](const auto &field) {
        if (field.key != name)
            return;
        expected = json::Kind::String;
        if constexpr (std::remove_cvref_t<decltype(field)>::kIsNumber) {
            expected = value.kind == json::Kind::Signed ? json::Kind::Signed : json::Kind::Unsigned;
            text = value.kind == json::Kind::Signed ? std::to_string(value.negative) : std::to_string(value.number);
        }
    });
    if (expected && value.kind != *expected)
        return fail(ErrorCode::Input, Text::of("{} must be {}, not {}", inQuotes(name), json::describe(*expected),
                                               json::describe(value.kind)));
    if (auto done = patch.set(name, text); !done)
        return fail(ErrorCode::Input, done.error().message);
    return {};
}

} // namespace qs
