// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes to values and values to codes, as quantized files have them.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> storedOperators();

} // namespace qs
