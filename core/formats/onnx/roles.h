// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the graph says of each tensor: layer or not, op, output-channel axis, bias, stored codes.
#pragma once

#include "core/formats/onnx/scopes.h"
#include "core/model/model.h"

namespace qs::onnx {

/// What stands behind the name of a weight in the name of its codes, in files that we write.
inline constexpr std::string_view kCodesSuffix = "_quantized";

/// Fills model.roles for tensors of two or more axes. Needs the model's tensors and files.
Result<void> findRoles(Source &source, const ModelFile &graphs, const Scopes &scopes,
                       std::span<const GraphTensor> tensors, Model &model);

} // namespace qs::onnx
