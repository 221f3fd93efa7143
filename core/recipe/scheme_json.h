// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scheme fields in JSON: recipes, reports and the metadata of exported models share them.
#pragma once

#include "core/parse/json.h"
#include "core/scheme/scheme_fields.h"

namespace qs {

/// Sets the field `name` from a JSON value: a number or a string, as the field is. Error{Input} without place.
Result<void> setSchemeField(SchemePatch &patch, std::string_view name, const json::Value &value);

/// The fields of a Scheme, or those that a SchemePatch sets, as an object. `Json` is the library's type, which stays in
/// source files.
template <class Json, class Fields> Json fieldsJson(const Fields &fields)
{
    Json object = Json::object();
    forEachValue(fields, [&](const auto &field, const auto &value) {
        Json &entry = object[std::string(field.key)];
        if constexpr (std::remove_cvref_t<decltype(field)>::kIsNumber)
            entry = value;
        else
            entry = field.text(value);
    });
    return object;
}

} // namespace qs
