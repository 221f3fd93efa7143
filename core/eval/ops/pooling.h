// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pools over one to three axes.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> poolingOperators();

} // namespace qs
