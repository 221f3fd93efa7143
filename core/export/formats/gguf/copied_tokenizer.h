// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The tokenizer of another GGUF file.
#pragma once

#include "core/export/formats/gguf/keys.h"

#include "core/base/result.h"

#include <filesystem>

namespace qs {

/// Adds all keys "tokenizer.…" of a GGUF file as they are. Error{Work} when it is none, is big-endian, or does not have
/// `vocabulary` tokens.
Result<void> copyTokenizer(gguf::KeyWriter &keys, const std::filesystem::path &path, std::uint64_t vocabulary);

} // namespace qs
