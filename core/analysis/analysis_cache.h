// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// AnalysisCache: what is known of a model's layers and survives edits of the recipe.
#pragma once

#include "core/base/fingerprint.h"
#include "core/base/lru_cache.h"
#include "core/eval/moment_run.h"
#include "core/eval/network_inputs.h"
#include "core/eval/network_session.h"
#include "core/eval/value.h"
#include "core/quant/quantize.h"
#include "core/recipe/recipe.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace qs {

/// One per open model, for analysis, planning and writing alike: each finds what the others found out. Thread-safe.
/// Statistics stay; of everything else the least recently used results go first.
class AnalysisCache
{
public:
    using Statistics = std::shared_ptr<const WeightStatistics>;
    using Quantization = std::shared_ptr<const LayerQuantization>;
    using Inputs = std::shared_ptr<const NetworkInputs>;

    /// `kurtosis`: statistics have it. Reports that do not show it are made a fifth sooner without.
    explicit AnalysisCache(bool kurtosis = true);
    AnalysisCache(const AnalysisCache &) = delete;
    AnalysisCache &operator=(const AnalysisCache &) = delete;

    bool wantsKurtosis() const { return m_kurtosis; }
    /// What depends on the layer's weights alone; null when nobody looked at them yet.
    Statistics statistics(const Layer &layer) const;
    Statistics keepStatistics(const Layer &layer, WeightStatistics statistics);

    /// The layer under `decision.scheme` along `decision.channelAxis`, with the vectors that `keep` names; null when it
    /// is not known. Whether the decision quantizes the layer does not matter. Layers that hold codes have one
    /// quantization, whatever the decision.
    Quantization quantization(const Layer &layer, const Decision &decision, Keep keep);
    Quantization keepQuantization(const Layer &layer, const Decision &decision, Keep keep, LayerQuantization value);

    /// Weights for network runs: as floats, or quantized by the decision and back; null when they are not known.
    ValuePtr weights(const Layer &layer, const Decision &decision, bool quantized);
    void keepWeights(const Layer &layer, const Decision &decision, bool quantized, const ValuePtr &weights);

    /// What `make` gave for this key, or gives now; those of the last key are held. One caller at a time.
    Result<Inputs> inputs(const Fingerprint &key, const std::function<Result<Inputs>()> &make);

    /// The session of this key: the one that is held, or what `make` makes now, which is held from then on.
    using Session = std::shared_ptr<NetworkSession>;
    Result<Session> session(const Fingerprint &key, const std::function<Result<Session>()> &make);
    /// What layers are fed, found out by `make` unless it is of the same key as the last. One caller at a time.
    using Moments = std::shared_ptr<const LayerMoments>;
    Result<Moments> moments(const Fingerprint &key, const std::function<Result<Moments>()> &make);
    /// Memory of weights, inputs and values of network runs.
    MemoryBudget &budget() { return m_budget; }

    /// How often a layer was really quantized (for tests: toggling must not raise it).
    std::uint64_t quantizations() const { return m_quantizationCount.load(std::memory_order_relaxed); }
    void countQuantization() { m_quantizationCount.fetch_add(1, std::memory_order_relaxed); }
    /// How many nodes of networks were really run.
    std::uint64_t nodesRun() const { return m_nodeCount.load(std::memory_order_relaxed); }
    void countNode() { m_nodeCount.fetch_add(1, std::memory_order_relaxed); }

private:
    /// What a result depends on: the weights, what makes codes of them, and which part of the result it is.
    struct Key {
        std::size_t tensor = 0;
        std::uint8_t part = 0; ///< a Keep, or 1 for quantized weights
        int channelAxis = 0;
        Scheme scheme; ///< its convention stands for a formula
        std::optional<DType> valuesAs = {};
        std::uint64_t moments = 0; ///< InputMoments::id, where the scheme needs them

        bool operator==(const Key &) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key &key) const;
    };
    static Key quantizationKey(const Layer &layer, const Decision &decision, Keep keep);
    static Key weightsKey(const Layer &layer, const Decision &decision, bool quantized);

    bool m_kurtosis;
    MemoryBudget m_budget;
    mutable std::mutex m_statisticsMutex;
    std::unordered_map<std::size_t, Statistics> m_statistics; ///< by tensor
    LruCache<Key, Quantization, KeyHash> m_quantizations;
    LruCache<Key, ValuePtr, KeyHash> m_weights;
    std::mutex m_inputsMutex;
    std::optional<Fingerprint> m_inputsKey;
    Inputs m_inputs;
    std::mutex m_sessionMutex;
    Fingerprint m_sessionKey;
    Session m_session;
    std::mutex m_momentsMutex;
    Fingerprint m_momentsKey;
    Moments m_moments;
    std::atomic<std::uint64_t> m_quantizationCount{0};
    std::atomic<std::uint64_t> m_nodeCount{0};
};

} // namespace qs
