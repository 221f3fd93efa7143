// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of compressed-tensors, pack-quantized, for vLLM and transformers (FORMATS.md §6.3).
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kCompressedTensorsFormat;

} // namespace qs
