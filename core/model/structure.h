// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What two files have in common that hold the same model with other weights.
#pragma once

#include "core/model/model.h"

namespace qs {

/// Checksum over names, element types and shapes of all tensors, in byte order of the names: 32 hexadecimal digits.
/// Equal for checkpoints of one training, whatever order or shards their tensors are in.
std::string structureChecksum(const Model &model);

/// What its codes were made with, as far as the file tells: "AWQ, 4 bits", "8 bits"; each once, in order of the layers.
/// Empty when no layer holds codes.
std::vector<std::string> codesOf(const Model &model);

} // namespace qs
