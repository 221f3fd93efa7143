// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The affine layout of MLX (FORMATS.md §6.8).
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kMlxFormat;

} // namespace qs
