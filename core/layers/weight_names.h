// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names of the same weight as different programs write them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

/// A name without what wrappers, compilers and quantizers add to it.
struct PlainName {
    std::string name;                      ///< "fc1" of "module._orig_mod.fc1.weight_quantized"
    std::vector<std::string_view> removed; ///< literals, in the order in which they were taken away
};

/// Takes away all that the tables of decorations know, and a last ".weight".
PlainName withoutDecorations(std::string_view name);

/// What stands in the place of a weight in families of language models: Hugging Face, GGUF and gpt-fast.
struct FamilyName {
    std::size_t row = 0; ///< of the table; equal rows and keys mean the same weight, lower rows are surer
    std::string key;     ///< "3 attn_q.weight": block, place, kind
    std::optional<std::uint64_t> expert = {}; ///< of one matrix that other families stack
};

/// All places that a name can mean, in the order of the table; empty for names of no known family.
std::vector<FamilyName> familyNames(std::string_view name);

/// Weights whose rows one family stores behind one another in one tensor, and others in several.
struct FusedName {
    std::string key;                ///< of the fused tensor, as FamilyName::key
    std::vector<std::string> parts; ///< keys, in the order of the rows
};

/// What is fused in the place `name` of a block, if that is such a place.
std::vector<FusedName> fusedNames(const FamilyName &name);

/// True for queries and keys, whose rows GGUF and gpt-fast keep in another order for some architectures.
bool hasRotatedRows(std::string_view key);

/// True for the layer that gives a language model's output, false for everything else.
bool isOutputName(const FamilyName &name);
/// True for the table of the tokens.
bool isTokenName(const FamilyName &name);

} // namespace qs
