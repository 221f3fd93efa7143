// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes of less than a byte each as streams of bits, in the order of the tensor.
#pragma once

#include "core/export/format.h"
#include "core/export/producers.h"

namespace qs {

/// Where a stream begins anew, with a byte of its own.
enum class StreamRows : std::uint8_t {
    FirstAxis, ///< at each entry of the first axis; of stacks, of the first axis of each matrix
    Whole,     ///< never: the tensor is one stream
};

/// Elements of one row of a tensor that has some.
std::uint64_t streamRow(const TensorInfo &tensor, StreamRows rows);
/// Bytes of all codes of a tensor.
std::uint64_t streamBytes(const TensorInfo &tensor, StreamRows rows, const CodePacker &packer);

/// As layerCodes(), with codes as `packer`, a stream of bits, has them. Where they come in another order than they
/// lie, they wait in a temporary file.
std::shared_ptr<const Producer> packedCodes(const Model &model, std::span<const Decision> decisions,
                                            const CodePacker &packer, StreamRows rows);

/// All tensors of the model, those of quantized layers as codesAndScales(): packed unless the input says otherwise.
/// Errors as modelTensors().
Result<std::vector<OutputTensor>> codedTensors(const ExportInput &input);

} // namespace qs
