// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "c-header": the codes, scales and zero points of quantized layers as arrays of C, for programs without a runtime.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kCHeaderFormat;

} // namespace qs
