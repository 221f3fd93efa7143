// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions over one to three axes, and transposed ones.
#pragma once

#include "core/eval/operator.h"

namespace qs {

std::span<const Operator> convolutionOperators();

} // namespace qs
