// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-level BPE of tokenizer.json as keys of GGUF.
#pragma once

#include "core/export/formats/gguf/keys.h"
#include "core/parse/json.h"

#include "core/base/text.h"

#include <filesystem>

namespace qs {

/// Adds tokenizer keys for `vocabulary` tokens. Adds nothing and says why not when there is no tokenizer.json in
/// `folder`, when it is of another kind, or when it splits texts in a way that llama.cpp has no name for. `config`
/// names the ids of the first and the last token of a text.
Text addBpeTokenizer(gguf::KeyWriter &keys, const std::filesystem::path &folder, std::uint64_t vocabulary,
                     const json::Value &config);

} // namespace qs
