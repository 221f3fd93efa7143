// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The safetensors container (FORMATS.md §6.1): tensors by type rank, then name; header padded to 8 bytes, at most 100
// MB.
#pragma once

#include "core/export/containers/container.h"

namespace qs {

extern const Container kSafetensorsContainer;
/// The same for layouts of other programs, which hold nothing of our schemes.
extern const Container kForeignSafetensorsContainer;

} // namespace qs
