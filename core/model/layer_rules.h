// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensors are layers, on which output-channel axis, and how names are ordered.
#pragma once

#include "core/model/model.h"

namespace qs {

/// Fills model.layers from model.tensors (numerics.md §1): floating tensors of rank >= 2 that no name rule rules out,
/// and quantized ones that the file explains. Reads the metadata keys `quantoscope.*`. Adds warnings for what it
/// cannot follow.
void findLayers(Model &model);

/// Natural order: runs of digits compare as numbers, so that layer2 comes before layer10.
bool naturalLess(std::string_view a, std::string_view b);

/// True when a name segment marks an embedding.
bool isEmbeddingName(std::string_view name);

/// `name` without a trailing ".weight".
std::string_view moduleName(std::string_view name);

} // namespace qs
