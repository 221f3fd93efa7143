// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensors are layers, and on which output-channel axis.
#pragma once

#include "core/model/model.h"

namespace qs {

/// Fills model.layers from model.tensors (NUMERICS.md §1): floating tensors of rank >= 2 that no name rule rules out,
/// and quantized ones that the file explains. Reads the metadata keys `quantoscope.*`. Adds warnings for what it
/// cannot follow.
void findLayers(Model &model);
/// The last part of it: makes the list of layers anew from model.roles and names.
void listLayers(Model &model);

} // namespace qs
