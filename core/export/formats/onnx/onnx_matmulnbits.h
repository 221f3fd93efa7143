// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "onnx-matmulnbits": an ONNX model whose MatMuls are ONNX Runtime's own with codes of 2, 4 or 8 bits.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kOnnxMatMulNBitsFormat;

} // namespace qs
