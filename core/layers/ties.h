// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors that have the very same weights under several names.
#pragma once

#include "core/model/model.h"

namespace qs {

/// Chooses in Model::aliases which of the names the weights are listed under: an embedding before all others, then by
/// natural order, so that the order in the file decides nothing. What a reader declared a role for stays, and so do
/// codes, since the file's metadata speaks of one name. Needs Model::namedRoles.
void chooseTiedNames(Model &model);

/// Fills in Layer::otherNames: of aliases, and of tensors that a file leaves out because its metadata names another one
/// with the same weights ("lm_head.weight": "embed.weight"), as the libraries of safetensors do. Needs
/// Model::layersByTensor.
void nameTies(Model &model);

} // namespace qs
