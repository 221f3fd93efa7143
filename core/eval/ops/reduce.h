// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that make one number of many along axes. Axes that go are brought to the end first.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> reduceOperators();

} // namespace qs
