// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> productOperators();

} // namespace qs
