// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Products and sums over axes with names.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> einsumOperators();

} // namespace qs
