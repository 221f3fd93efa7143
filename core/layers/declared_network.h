// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The metadata key `quantoscope.network`: order of layers, activations, samples.
#pragma once

#include "core/model/model.h"

namespace qs {

/// Sets model.network from the metadata; what is wrong there becomes a warning. To be called before layers are
/// found, since samples are none.
void readDeclaredNetwork(Model &model);

/// Drops the declared network, with a warning, when it names layers that the model does not have.
void checkDeclaredNetwork(Model &model);

} // namespace qs
