// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operations between the layers of a network.
#pragma once

#include "core/model/model.h"

#include <span>

namespace qs {

/// Applies an activation in place. GELU is the erf form.
void applyActivation(Activation activation, std::span<float> values);

} // namespace qs
