// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sums, products of matrices, and codes.
#pragma once

#include "core/formats/onnx/folded_operators.h"

namespace qs::onnx {

/// ReduceMean, MatMul, DequantizeLinear … by its name; null for all others.
FoldOperator sumOperator(std::string_view name);

} // namespace qs::onnx
