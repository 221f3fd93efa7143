// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of chains. They are those of the standard with fixed bits: products are cut by shape and may run on several
// threads, activations are computed in double.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> chainOperators();

} // namespace qs
