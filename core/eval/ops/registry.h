// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of operators, in the parts of the files that hold them.
#pragma once

#include "core/eval/operator.h"

namespace qs {

/// The last version of the standard operators whose changes are known.
inline constexpr std::int64_t kNewestOpset = 25;

std::span<const std::span<const Operator>> operatorTables();

std::span<const Operator> elementwiseOperators();
std::span<const Operator> mathOperators();
std::span<const Operator> layoutOperators();
std::span<const Operator> indexOperators();
std::span<const Operator> padOperators();
std::span<const Operator> reduceOperators();
std::span<const Operator> convolutionOperators();
std::span<const Operator> poolingOperators();
std::span<const Operator> productOperators();
std::span<const Operator> recurrentOperators();
std::span<const Operator> normalizationOperators();
std::span<const Operator> attentionOperators();
std::span<const Operator> resizeOperators();
std::span<const Operator> controlOperators();
std::span<const Operator> storedOperators();
std::span<const Operator> chainOperators();

} // namespace qs
