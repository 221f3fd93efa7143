// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Refusals of layers with what helps, as a change of the recipe that a program can make.
#pragma once

#include "core/export/format.h"

namespace qs {

/// A refusal that goes away when the layer's scheme is changed; `remedy` names the change: "use groups of 32".
Refusal helpedByScheme(Text reason, Text remedy, std::size_t layer, SchemePatch change);
/// A refusal that goes away when the layer stays in float.
Refusal helpedByKeeping(Text reason, std::size_t layer);

/// What turns float offsets into none: bits and granularity stay, symmetric, by the usual convention.
SchemePatch withoutOffsets(const Scheme &scheme);

/// Makes the change in the recipe. A convention replaces all fields that rules for these layers set so far.
void applyRemedy(Recipe &recipe, const Model &model, const RemedyEdit &edit);

} // namespace qs
