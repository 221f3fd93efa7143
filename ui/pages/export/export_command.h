// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The command line that writes the same file as the window's export.
#pragma once

#include "core/export/format.h"

#include <string>

namespace qs::ui {

/// `recipePath` may be empty: the model's own recipe.
std::string exportCommand(const ExportFormat &format, const std::string &modelPath, const std::string &target,
                          const std::string &recipePath);

} // namespace qs::ui
