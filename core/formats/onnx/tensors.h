// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lists the tensors of an ONNX file, with the place of their values.
#pragma once

#include "core/formats/onnx/scopes.h"
#include "core/model/model.h"

namespace qs::onnx {

/// Adds all initializers and Constant nodes of all graphs to `model`: tensors, encodings, and the files that hold
/// them, the first of which is `file`. Returns where in the graphs they stand.
Result<std::vector<GraphTensor>> listTensors(Source &source, const ModelFile &graphs,
                                             std::shared_ptr<const InputFile> file, Model &model);

/// Where the tensors that listTensors() has listed stand, once more and in the same order.
Result<std::vector<GraphTensor>> findTensors(Source &source, const ModelFile &graphs);

} // namespace qs::onnx
