// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Networks of transformer checkpoints, which carry none: from config.json and the names of tensors.
#pragma once

#include "core/model/model.h"
#include "core/network/network.h"

namespace qs {

/// The network that a library would run for the model's config.json, in standard operators; free dimensions are the
/// batch and the tokens. Error{Work} without a config.json, Error{Input} for families that are not known and tensors
/// that do not fit.
Result<Network> familyNetwork(const Model &model);

} // namespace qs
