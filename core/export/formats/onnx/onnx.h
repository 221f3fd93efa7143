// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "onnx": an ONNX model with the weights of its layers as int8 codes, for any runtime.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kOnnxFormat;

} // namespace qs
