// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Softmax, and what brings values to mean 0 or length 1. Sums are double, in eight lanes.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> normalizationOperators();

} // namespace qs
