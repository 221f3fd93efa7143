// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the weights of GPT-2's Conv1D layers, which are stored [in, out] (FORMATS.md §3.8).
#pragma once

#include "core/model/model.h"

namespace qs {

/// Puts axis 1 into Model::roles for weights with the names of Conv1D layers, where their biases or the family that the
/// metadata `config.model_type` names say that they are no Linear layers. Needs Model::tensorsByName.
void declareConv1d(Model &model);

} // namespace qs
