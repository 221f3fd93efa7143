// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Producers that formats share: tensors as they are, codes with their scales, dequantized values.
#pragma once

#include "core/export/payload.h"
#include "core/quant/code_packer.h"
#include "core/recipe/recipe.h"

namespace qs {

/// Item: a tensor of the model, brought into row-major order and little-endian bytes; one part.
std::shared_ptr<const Producer> tensorCopies(const Model &model);
/// The same, but of a weight that the network computes (Model::computed) the tensor that the file holds.
std::shared_ptr<const Producer> storedCopies(const Model &model);

/// One part, whatever the item: these bytes.
std::shared_ptr<const Producer> fixedBytes(std::string bytes);
/// The same of bytes as pairs of hexadecimal digits; null for other text.
std::shared_ptr<const Producer> fixedBytesOf(std::string_view digits);

/// Parts of an item of layerCodes().
enum CodesPart : std::size_t { kCodes, kScales, kZeroPoints, kOffsets };

/// Item: a layer that is quantized by its decision; parts as in CodesPart. Codes of a byte lie in the order of the
/// tensor, all others row after row, one row per channel. Scales and offsets are written in the part's own type, zero
/// points as I8 or likewise. Model, decisions and packer must outlive the producer; the packer must hold rows of the
/// layer's length.
std::shared_ptr<const Producer> layerCodes(const Model &model, std::span<const Decision> decisions,
                                           const CodePacker &packer);

/// Item: a layer, quantized by its decision or stored as codes; one part, its dequantized values in the part's type.
/// Error{Work} when a value overflows that type.
std::shared_ptr<const Producer> layerValues(const Model &model, std::span<const Decision> decisions);

} // namespace qs
