// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The format float: dequantized weights in their own type.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kFloatFormat;

} // namespace qs
