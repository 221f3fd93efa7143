// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The NPZ target (FORMATS.md §6.9).
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kNpzFormat;

} // namespace qs
