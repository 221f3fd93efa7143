// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that pick elements by index, and those that make values out of numbers.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> indexOperators();

} // namespace qs
