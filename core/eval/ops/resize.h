// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Resize and Upsample: one axis after the other, each output as a sum of one, two or four weighted inputs.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> resizeOperators();

} // namespace qs
