// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What core does for one layer, for many at once: the same outcome without the square of their number.
#pragma once

#include "core/recipe/recipe.h"

#include <vector>

namespace qs::ui {

/// For each layer in `on` and `off` sets what qs::setQuantized() would. Layers are indices into model.layers.
void switchMany(Recipe &recipe, const Model &model, const std::vector<std::size_t> &on,
                const std::vector<std::size_t> &off);

/// qs::overridesOf() of every layer of the model.
std::vector<SchemePatch> overridesOfAll(const Recipe &recipe, const Model &model);

} // namespace qs::ui
