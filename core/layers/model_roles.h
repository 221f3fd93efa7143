// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Brings what names say and what the reader says of tensors together.
#pragma once

#include "core/model/model.h"

namespace qs {

/// Fills model.namedRoles and TensorInfo::stackAxes. What the reader or the metadata declare of a tensor's layout wins.
/// Needs Model::tensorsByName; to be called before layers are found.
void assignRoles(Model &model);

/// Corrects model.namedRoles where something else than names decided: which tensors are layers, and parts of codes.
/// To be called when the layers are known.
void settleRoles(Model &model);

} // namespace qs
