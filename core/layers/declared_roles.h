// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The metadata key `quantoscope.roles`: what the file that an export was made from said of its tensors.
#pragma once

#include "core/model/model.h"

namespace qs {

inline constexpr const char *kRolesKey = "quantoscope.roles";

/// JSON: for each tensor of two or more axes that has a role {"layer": false, "reason"} or {"op", "axis", "stack",
/// "bias", "quantizable", "reason"}, as far as known. Roles of codes only when `decoded`: floats stand in their place
/// then. Empty when there are none.
std::string rolesText(const Model &model, bool decoded);

/// Adds the roles of the metadata where the reader gave none; what is wrong there becomes a warning.
void readDeclaredRoles(Model &model);

} // namespace qs
