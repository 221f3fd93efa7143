// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reader for ONNX models (FORMATS.md §3.7): weights in place, ops and axes from the graph.
#pragma once

#include "core/formats/reader.h"

namespace qs {

extern const FormatReader kOnnxReader;

} // namespace qs
