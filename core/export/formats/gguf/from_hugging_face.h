// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files of Hugging Face models, as llama.cpp runs them.
#pragma once

#include "core/export/formats/gguf/rewriter.h"

namespace qs {

/// Why no GGUF file that runs can be made of the model; empty when one can.
Text whyNoGgufOfHuggingFace(const Model &model);
/// Why the layer cannot lie in blocks of `block` weights; empty when it can.
Text whyNoBlocks(const Model &model, const Layer &layer, int channelAxis, std::uint64_t block);

/// Layers as `replace` says, with the shape [outputs, bytes of a row]; everything else in its own type, what has one
/// axis as f32. `tokenizer` as in ExportOptions. Error{Work} for tensors that llama.cpp has no place for, and for a
/// file that has no tokenizer for the model.
Result<FileContents> ggufOfHuggingFace(const Model &model, const ReplaceGgufTensor &replace,
                                       const std::string &tokenizer);
/// What to say of the tokenizer.
std::vector<Text> tokenizerNotes(const Model &model, const std::string &tokenizer);

} // namespace qs
