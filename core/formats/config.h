// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What stands beside a model file: config.json as Hugging Face writes it (FORMATS.md §3.8).
#pragma once

#include "core/model/model.h"

namespace qs {

/// Takes hints from `config.json` in the folder of the model's file, if there is one: metadata `config.*`, a warning
/// for quantized weights that are not decoded, the copy of a tied embedding as an alias. Nothing in it is required; a
/// damaged file becomes a warning.
void readSideFiles(Model &model);

} // namespace qs
