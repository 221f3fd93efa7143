// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy archives: one array per tensor, sorted by name, stored and aligned.
#pragma once

#include "core/export/containers/container.h"

namespace qs {

extern const Container kNpzContainer;
/// Whether arrays can hold elements of that type.
bool hasNpyType(DType type);

} // namespace qs
