// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finds weights that other tools have quantized, by the names and types of their codes and companions.
#pragma once

#include "core/model/model.h"

namespace qs {

/// Declares codes with their companions as quantized layers in Model::roles. The tensor of the codes takes the weight's
/// name and shape and an encoding that decodes it, or that says why it is not decoded; TensorInfo::inFile keeps what
/// the file says. Adds a warning for each tool whose codes are not decoded, with the first reason. Needs
/// Model::tensorsByName; returns true when names have changed since.
bool declareCodedLayers(Model &model);

} // namespace qs
