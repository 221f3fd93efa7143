// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a GGUF model anew with some of its tensors replaced; keys, order and all other tensors stay.
#pragma once

#include "core/export/format.h"

#include <functional>
#include <optional>

namespace qs {

/// What stands in place of a tensor: its bytes, and the name of their ggml type ("q8_0", "f32"). Its shape is the old
/// one.
struct NewGgufTensor {
    OutputTensor tensor;
    std::string_view type;
};

/// By index into Model::tensors; empty for tensors that stay.
using ReplaceGgufTensor = std::function<std::optional<NewGgufTensor>(std::size_t tensor)>;

/// Why no GGUF file can be made of the model; empty when one can.
Text whyNoGguf(const Model &model);

/// One file of all parts of the model, a GGUF model. Errors of reading.
Result<FileContents> rewriteGguf(const Model &model, const ReplaceGgufTensor &replace);

/// The tensor that this one is tied to, or itself: both hold the same weights.
std::size_t untied(const Model &model, std::size_t tensor);

/// llama.cpp takes the embeddings where a file has no output matrix: one that is tied to them is left out.
bool isTiedOutput(const Model &model, std::size_t tensor, std::string_view name, std::string_view nameOfOriginal);

} // namespace qs
