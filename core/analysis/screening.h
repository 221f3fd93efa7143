// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Screening: why a layer is hard to quantize, seen in its weights and in what reaches them.
#pragma once

#include "core/analysis/analysis_cache.h"

#include <string_view>
#include <vector>

namespace qs {

enum class TroubleKind : std::uint8_t {
    DeadChannels,   ///< all weights are 0
    SilentChannels, ///< ReLU gives 0 for every input between the smallest and the largest of the samples
    LoudChannels,   ///< √mean(w²), the largest weight left out, is more than 4 times that of the middle channel
    Outliers,       ///< the largest weight is more than 12 times √mean(w²) of the others
    OneSided,       ///< no weight is negative, or none is positive: symmetric codes of one sign wait for nothing
};

/// "dead channels", "silent channels", "loud channels", "outliers", "one-sided".
std::string_view textOf(TroubleKind kind);

struct Trouble {
    std::size_t layer = 0;
    TroubleKind kind = TroubleKind::DeadChannels;
    std::vector<std::uint64_t> channels; ///< ascending; empty for OneSided
    Text sentence;
};

/// Troubles of all layers with float weights, in the order of layers, then of kinds. Silent channels are looked for in
/// chains with ReLU that have at least 16 samples of their own and are cheap to run; one sample says nothing about what
/// others do. Errors: of reading, Cancelled.
Result<std::vector<Trouble>> findTroubles(const Model &model, AnalysisCache &cache, const TaskContext &context);

} // namespace qs
