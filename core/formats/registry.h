// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The list of all format readers.
#pragma once

#include "core/formats/reader.h"

namespace qs {

/// All formats, in the order in which content is tried.
std::span<const FormatReader *const> formatReaders();

} // namespace qs
