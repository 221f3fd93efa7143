// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reader for safetensors files.
#pragma once

#include "core/formats/reader.h"

namespace qs {

extern const FormatReader kSafetensorsReader;

} // namespace qs
