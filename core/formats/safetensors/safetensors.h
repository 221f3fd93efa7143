// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Readers for safetensors files and for indices of files that were split into shards.
#pragma once

#include "core/formats/reader.h"

namespace qs {

extern const FormatReader kSafetensorsReader;
extern const FormatReader kSafetensorsIndexReader;

} // namespace qs
