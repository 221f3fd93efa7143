// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators on pairs of elements, with shapes that are broadcast.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> elementwiseOperators();

} // namespace qs
