// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that make shapes, and those that hand elements on in another order.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> layoutOperators();

} // namespace qs
