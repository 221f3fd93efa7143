// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Readers for NumPy's files as models: one array (NPY) and archives of arrays (NPZ).
#pragma once

#include "core/formats/reader.h"

namespace qs {

extern const FormatReader kNpyReader;
extern const FormatReader kNpzReader;

} // namespace qs
