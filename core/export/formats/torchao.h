// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The flattened Int8Tensor of torchao, a prototype of theirs (FORMATS.md §6.7).
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kTorchaoFormat;

} // namespace qs
