// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "onnx-int4": an ONNX model with the weights of its layers as int4 codes, in blocks or per channel.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kOnnxInt4Format;

} // namespace qs
