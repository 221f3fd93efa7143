// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names the content of files that no reader takes, for messages.
#pragma once

#include "core/base/text.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace qs {

/// "an HDF5 file", "a Git LFS pointer …"; empty when the content is unknown. `head` holds the file's first bytes.
Text contentKind(std::span<const std::byte> head);

} // namespace qs
