// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analysis_cache.h"

namespace qs {

namespace {

constexpr std::size_t kQuantizationBytes = std::size_t{192} << 20U;
constexpr std::size_t kWeightBytes = std::size_t{256} << 20U;
constexpr std::uint64_t kNetworkBytes = std::uint64_t{1} << 30U; // weights among them

std::size_t bytesOf(const LayerQuantization &value)
{
    return sizeof value + value.zeroPoints.size() +
           sizeof(float) * (value.scales.size() + value.offsets.size() + value.channelMin.size() +
                            value.channelMax.size() + value.channelRmsePerScale.size());
}

} // namespace

AnalysisCache::AnalysisCache(bool kurtosis)
    : m_kurtosis(kurtosis)
    , m_budget(kNetworkBytes)
    , m_quantizations(kQuantizationBytes)
    , m_weights(kWeightBytes, kWeightBytes / 4)
{}

AnalysisCache::Statistics AnalysisCache::statistics(const Layer &layer) const
{
    const std::lock_guard lock(m_statisticsMutex);
    const auto found = m_statistics.find(layer.tensor);
    return found == m_statistics.end() ? nullptr : found->second;
}

AnalysisCache::Statistics AnalysisCache::keepStatistics(const Layer &layer, WeightStatistics statistics)
{
    auto shared = std::make_shared<const WeightStatistics>(std::move(statistics));
    const std::lock_guard lock(m_statisticsMutex);
    return m_statistics[layer.tensor] = shared;
}

AnalysisCache::Quantization AnalysisCache::quantization(const Layer &layer, const Decision &decision, Keep keep)
{
    return m_quantizations.find(quantizationKey(layer, decision, keep)).value_or(nullptr);
}

AnalysisCache::Quantization AnalysisCache::keepQuantization(const Layer &layer, const Decision &decision, Keep keep,
                                                            LayerQuantization value)
{
    auto shared = std::make_shared<const LayerQuantization>(std::move(value));
    m_quantizations.store(quantizationKey(layer, decision, keep), shared, bytesOf(*shared));
    return shared;
}

ValuePtr AnalysisCache::weights(const Layer &layer, const Decision &decision, bool quantized)
{
    return m_weights.find(weightsKey(layer, decision, quantized)).value_or(nullptr);
}

void AnalysisCache::keepWeights(const Layer &layer, const Decision &decision, bool quantized, const ValuePtr &weights)
{
    m_weights.store(weightsKey(layer, decision, quantized), weights, weights->bytes());
}

Result<AnalysisCache::Inputs> AnalysisCache::inputs(const Fingerprint &key, const std::function<Result<Inputs>()> &make)
{
    const std::lock_guard lock(m_inputsMutex);
    if (m_inputsKey != key) {
        QS_ASSIGN(m_inputs, make());
        m_inputsKey = key;
    }
    return m_inputs;
}

Result<AnalysisCache::Session> AnalysisCache::session(const Fingerprint &key,
                                                      const std::function<Result<Session>()> &make)
{
    const std::lock_guard lock(m_sessionMutex);
    if (!m_session || m_sessionKey != key) {
        m_session.reset(); // its memory goes before that of the new one comes
        QS_ASSIGN(m_session, make());
        m_sessionKey = key;
    }
    return m_session;
}

Result<AnalysisCache::Moments> AnalysisCache::moments(const Fingerprint &key,
                                                      const std::function<Result<Moments>()> &make)
{
    const std::lock_guard lock(m_momentsMutex);
    if (!m_moments || m_momentsKey != key) {
        m_moments.reset();
        QS_ASSIGN(m_moments, make());
        m_momentsKey = key;
    }
    return m_moments;
}

std::size_t AnalysisCache::KeyHash::operator()(const Key &key) const
{
    Fingerprint fingerprint;
    fingerprint.add(key.tensor).add(std::uint64_t{key.part}).add(static_cast<std::uint64_t>(key.channelAxis));
    addTo(fingerprint, key.scheme);
    fingerprint.add(key.valuesAs ? static_cast<std::uint64_t>(*key.valuesAs) : ~std::uint64_t{0});
    fingerprint.add(key.moments);
    return fingerprint.hash();
}

AnalysisCache::Key AnalysisCache::quantizationKey(const Layer &layer, const Decision &decision, Keep keep)
{
    const auto part = static_cast<std::uint8_t>(keep);
    if (layer.stored)
        return {layer.tensor, part, 0, {}, {}};
    return {layer.tensor, part, decision.channelAxis, decision.scheme, decision.valuesAs, momentsId(decision)};
}

AnalysisCache::Key AnalysisCache::weightsKey(const Layer &layer, const Decision &decision, bool quantized)
{
    if (!quantized)
        return {layer.tensor, 0, 0, {}, {}};
    return {layer.tensor, 1, decision.channelAxis, decision.scheme, decision.valuesAs, momentsId(decision)};
}

} // namespace qs
