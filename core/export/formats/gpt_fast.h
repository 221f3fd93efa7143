// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The format gpt-fast: an int8 weight-only state dict.
#pragma once

#include "core/export/format.h"

namespace qs {

extern const ExportFormat kGptFastFormat;

} // namespace qs
