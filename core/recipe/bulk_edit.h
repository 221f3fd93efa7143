// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of many layers at once: the outcome of one edit after the other, without the square of their number.
#pragma once

#include "core/recipe/recipe.h"

#include <functional>
#include <vector>

namespace qs {

/// Indices into Model::layers.
using LayerIndices = std::vector<std::size_t>;

/// Sets quantize on for each layer in `on` and off for each in `off`.
void setQuantized(Recipe &recipe, const Model &model, const LayerIndices &on, const LayerIndices &off);

/// Lets `change` edit the override fields of each layer. Where they make the recipe's scheme asymmetric, they set the
/// full code range.
void changeOverrides(Recipe &recipe, const Model &model, const LayerIndices &layers,
                     const std::function<void(SchemePatch &)> &change);
/// Scheme fields and axis of each layer back to what other rules say.
void clearOverrides(Recipe &recipe, const Model &model, const LayerIndices &layers);

/// Quantized layers of which a partner is kept: of queries, keys and values of one block, which many programs multiply
/// with as one matrix, and so need one decision for.
LayerIndices partnersOfKept(const std::vector<Decision> &decisions, const Model &model);

/// overridesOf() of every layer of the model.
std::vector<SchemePatch> overridesOfAll(const Recipe &recipe, const Model &model);

} // namespace qs
