// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One layer under one decision: statistics, quantization and what speaks against it, through the cache.
#pragma once

#include "core/analysis/analyze.h"
#include "core/eval/output_error.h"

#include <atomic>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

namespace qs {

/// The caches behind AnalysisCache.
struct AnalysisCache::Data {
    std::mutex mutex;
    std::map<std::size_t, std::shared_ptr<const WeightStatistics>> statistics;

    struct QuantizationEntry {
        std::shared_ptr<const LayerQuantization> value;
        std::list<std::string>::iterator use;
    };
    std::unordered_map<std::string, QuantizationEntry> quantizations;
    std::list<std::string> quantizationOrder; ///< most recently used first
    std::size_t quantizationBytes = 0;

    std::mutex inputsMutex;
    std::string inputsKey; ///< of the inputs that were made or read last
    std::shared_ptr<const NetworkInputs> inputs;

    OutputCache weights; ///< dequantized and float weights of networks that were run
    OutputCache outputs;
    std::atomic<std::uint64_t> quantizationCount{0};
    std::atomic<std::uint64_t> productCount{0};

    std::shared_ptr<const LayerQuantization> findQuantization(const std::string &key);
    void storeQuantization(const std::string &key, std::shared_ptr<const LayerQuantization> value);
};

/// What really happens to a layer: the decision of the recipe, corrected by what its weights allow.
struct LayerOutcome {
    Decision decision;
    bool canQuantize = true;
    bool oddData = false; ///< kept because of NaN, ∞ or scales that are not finite
    std::shared_ptr<const WeightStatistics> statistics;
    std::shared_ptr<const LayerQuantization> quantization;
};

/// Whether the statistics of a layer are known, so that asking for them costs nothing.
bool hasStatistics(std::size_t layer, AnalysisCache::Data &cache);

/// `preview`: quantize kept layers too, to show what their scales would be. `keep`: which of the quantization's vectors
/// are wanted.
Result<LayerOutcome> analyseLayer(const Model &model, std::size_t layer, const Decision &decision, bool preview,
                                  Keep keep, AnalysisCache::Data &cache, const TaskContext &context);

/// Float32 weights of a layer in the tensor's own order: as they are, or quantized and back. Cached while small.
Result<WeightValues> layerWeights(const Model &model, std::size_t layer, const Decision &decision, bool quantized,
                                  AnalysisCache::Data &cache, const TaskContext &context);

} // namespace qs
