// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Layers of experts, of which each token takes a few.
#pragma once

#include "core/network/families/family.h"
#include "core/network/families/parts.h"

namespace qs {

/// Experts of a checkpoint, by config.json.
struct ExpertSizes {
    std::uint64_t hidden = 0;
    std::uint64_t middle = 0;
    std::uint64_t experts = 0;
    std::uint64_t taken = 0;  ///< by each token
    bool sharesAddUp = false; ///< shares of the experts that are taken are divided by their sum
};

Result<ExpertSizes> expertSizes(const FamilyConfig &config, const ExpertNames &names, std::uint64_t hidden);
/// By mlp_only_layers and decoder_sparse_step of config.json; all layers where it has neither.
bool hasExperts(const FamilyConfig &config, std::uint64_t layer);

/// Rows [tokens, hidden] through the experts of `module` ("model.layers.0." without the prefix of parts), weighted by
/// their shares. Every expert works on every row, and those that a row does not take count 0: a quantized network that
/// takes others than the float network still has layers to compare.
Result<GraphValue> mixExperts(TransformerParts &parts, GraphValue x, const std::string &module,
                              const ExpertNames &names, const ExpertSizes &sizes, std::string_view activation);

} // namespace qs
