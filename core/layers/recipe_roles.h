// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Roles that the rules of a recipe give to tensors, whatever their names say, and its ties.
#pragma once

#include "core/base/result.h"
#include "core/recipe/recipe.h"

#include <memory>

namespace qs {

/// The model as the recipe's rules about roles see it; the same one when there are none. `model` is as it was opened:
/// roles of an earlier recipe are none of it. A role of a layer makes layers of the tensors that match, any other takes
/// them out of the list; the last rule wins. Tensors that hold codes or belong to them stay what they are. Of a product
/// the axis stays where it was known; else outputs are the first axis, of a stack the second. Ties make one layer of
/// two. Error{Usage} for patterns that cannot be read, for a rule about layers all of whose tensors have too few axes,
/// and for ties of tensors that differ.
Result<std::shared_ptr<const Model>> withRoles(std::shared_ptr<const Model> model, const Recipe &recipe);

/// Takes a recipe whose rules about roles do not fit out of the metadata of a freshly read model, with a warning.
void checkDeclaredRoles(Model &model);

} // namespace qs
