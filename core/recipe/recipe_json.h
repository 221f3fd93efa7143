// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes inside of other JSON files.
#pragma once

#include "core/parse/json.h"
#include "core/recipe/recipe.h"

namespace qs {

/// A recipe (RECIPE.md) that stands inside another file. Error{Input}.
Result<Recipe> recipeFromValue(const json::Value &value, const std::string &where);

} // namespace qs
