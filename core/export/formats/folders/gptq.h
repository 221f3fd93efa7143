// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The layouts of GPTQ and of AWQ's 'gemm' (FORMATS.md §6.4).
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kGptqFormat;
extern const ExportFormat kAwqFormat;

} // namespace qs
