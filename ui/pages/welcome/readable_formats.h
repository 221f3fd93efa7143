// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What core can read, as the window says it: one sentence, and filters for file dialogs.
#pragma once

#include <QString>

namespace qs::ui {

/// "safetensors (*.safetensors), …".
QString readableFormats();

/// Suffixes of all single files that can be read: ".safetensors  .pt  …".
QString readableSuffixes();

/// For QFileDialog: all of them in one, each for itself, all files.
QString modelFileFilters();

} // namespace qs::ui
