// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The PyTorch archive container (FORMATS.md §6.2): a ZIP of stored entries with a hand-made pickle of a state dict.
#pragma once

#include "core/export/containers/container.h"

namespace qs {

extern const Container kTorchArchiveContainer;

} // namespace qs
