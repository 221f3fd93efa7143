// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "torch": a state dict of PyTorch with the codes of layers of any rank, and a script that loads it.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kTorchFormat;

} // namespace qs
