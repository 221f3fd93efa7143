// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scheme fields in JSON: recipes and the metadata of exported models share them.
#pragma once

#include "core/parse/json.h"
#include "core/scheme/scheme.h"

namespace qs {

/// Sets the field `name` from a JSON value: a number for "bits", a string for all others. Error{Input} without place.
Result<void> setSchemeField(SchemePatch &patch, std::string_view name, const json::Value &value);

} // namespace qs
