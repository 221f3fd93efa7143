// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One layer under one decision: statistics, quantization and what speaks against it, through the cache.
#pragma once

#include "core/analysis/analysis_cache.h"

namespace qs {

/// What really happens to a layer: the decision of the recipe, corrected by what its weights allow.
struct LayerOutcome {
    Decision decision;
    bool canQuantize = true;
    std::shared_ptr<const WeightStatistics> statistics;
    std::shared_ptr<const LayerQuantization> quantization;
};

/// `preview`: quantize kept layers too, to show what their scales would be. `keep`: which of the quantization's vectors
/// are wanted.
Result<LayerOutcome> analyseLayer(const Model &model, std::size_t layer, const Decision &decision, bool preview,
                                  Keep keep, AnalysisCache &cache, const TaskContext &context);

/// Float32 weights of a layer in the tensor's own shape: as they are, or quantized and back. Cached while small.
Result<ValuePtr> layerWeights(const Model &model, std::size_t layer, const Decision &decision, bool quantized,
                              AnalysisCache &cache, const TaskContext &context);

} // namespace qs
