// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LSTM and GRU with their default activations.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> recurrentOperators();

} // namespace qs
