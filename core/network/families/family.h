// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a family of transformers is.
#pragma once

#include "core/model/model.h"
#include "core/network/families/config.h"
#include "core/network/network.h"

#include <string_view>

namespace qs {

/// What a family calls its experts.
struct ExpertNames {
    std::string_view block; ///< what stands before "gate" and "experts.0."; empty for families without experts
    std::string_view gate;
    std::string_view up;
    std::string_view down;
    std::string_view middle;  ///< the size between them in config.json
    bool sharesAddUp = false; ///< whatever config.json says
};

/// A family: a row of the table in families.cpp.
struct Family {
    std::string_view type; ///< model_type of config.json
    Result<Network> (*build)(const Model &model, const FamilyConfig &config, const Family &family);
    // Of decoders with rotary positions:
    bool onePlusWeight = false;    ///< norms multiply by 1 + w
    bool scalesEmbedding = false;  ///< by the root of the size
    bool normsHeads = false;       ///< of queries and keys
    bool fused = false;            ///< queries, keys and values are one matrix, gate and up another
    bool windowIsOptional = false; ///< a sliding window counts only where use_sliding_window says so
    ExpertNames experts = {};
};

} // namespace qs
