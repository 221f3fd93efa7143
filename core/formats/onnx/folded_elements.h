// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that compute element by element.
#pragma once

#include "core/formats/onnx/folded_operators.h"

namespace qs::onnx {

/// Add, Clip, Where … by its name; null for all others.
FoldOperator elementOperator(std::string_view name);

} // namespace qs::onnx
