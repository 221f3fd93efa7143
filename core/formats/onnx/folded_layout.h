// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that give the same elements other places.
#pragma once

#include "core/formats/onnx/folded_operators.h"

namespace qs::onnx {

/// Transpose, Slice, Gather … by its name; null for all others.
FoldOperator layoutOperator(std::string_view name);

} // namespace qs::onnx
