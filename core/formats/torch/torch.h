// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reader for PyTorch files: archives (ZIP) and the older form of pickles back to back. Runs nothing.
#pragma once

#include "core/formats/reader.h"

namespace qs {

extern const FormatReader kTorchReader;

} // namespace qs
