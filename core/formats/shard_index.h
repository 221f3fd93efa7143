// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reader for indices of models that were split into several files.
#pragma once

#include "core/formats/reader.h"

namespace qs {

/// {"weight_map": {tensor: file name}}; the shards are safetensors or PyTorch files.
extern const FormatReader kShardIndexReader;

} // namespace qs
