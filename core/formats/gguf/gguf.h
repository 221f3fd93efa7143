// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The reader of GGUF files, whole and split (FORMATS.md §3.3).
#pragma once

#include "core/formats/reader.h"

namespace qs {

extern const FormatReader kGgufReader;

} // namespace qs
