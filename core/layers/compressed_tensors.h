// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finds weights that the compressed-tensors library has quantized (FORMATS.md §6.3).
#pragma once

#include "core/model/model.h"

namespace qs {

/// Declares integer codes `X.weight` or `X.weight_packed` beside `X.weight_scale` as quantized layers in Model::roles.
/// Packed words become a tensor of u4 or u8 named `X.weight` of the weight's own shape, so that the layer has the name
/// that it has in a float file. Adds a warning for each kind of thing that is not understood; that stays as it is.
/// Needs Model::tensorsByName; returns true when names have changed since.
bool declareCompressedTensors(Model &model);

} // namespace qs
