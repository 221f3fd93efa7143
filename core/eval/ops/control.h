// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Branches, and what only hands values on.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> controlOperators();

} // namespace qs
