// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The format safetensors: codes, scales and zero points of any scheme.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kSafetensorsFormat;

} // namespace qs
