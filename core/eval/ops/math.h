// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators on single elements.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> mathOperators();

} // namespace qs
