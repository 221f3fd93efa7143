// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/output_errors.h"

#include "core/analysis/calibration.h"
#include "core/analysis/layer_analysis.h"
#include "core/analysis/taught_weights.h"
#include "core/eval/output_error.h"
#include "core/network/chain.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace qs {
namespace {

// Above this a network runs on request only (NUMERICS.md §3).
constexpr double kAutomaticGigaFlop = 2;
// Weights of one layer that a network run may hold in memory, float and quantized: 128 MiB each.
constexpr std::uint64_t kMostNetworkWeights = std::uint64_t{32} << 20U;

Result<void> checkLabels(const NetworkInputs &inputs, std::uint64_t outputs)
{
    for (std::size_t i = 0; i < inputs.labels.size(); ++i) {
        const std::int64_t label = inputs.labels[i];
        if (label < 0 || static_cast<std::uint64_t>(label) >= outputs)
            return fail(ErrorCode::Input, Text::of("label {} of sample {} is outside 0…{} (the network has {} "
                                                   "outputs)",
                                                   label, i, outputs - 1, outputs));
    }
    return {};
}

/// What tells sessions with other slips apart: decisions do not know of them.
std::uint64_t slipsOf(const Teaching &teaching)
{
    return (teaching.forgetZeroPoint ? 1U : 0U) | (teaching.castNotRound ? 2U : 0U) |
           (teaching.zeroOutsideRange ? 4U : 0U);
}

} // namespace

Result<OutputErrorReport> OutputErrors::measure(const ChainSearch &search, std::optional<Activation> activation,
                                                const TotalCallback &onTotal, const TaskContext &context)
{
    m_total = {};
    m_onTotal = onTotal;
    if (m_options.outputError == OutputErrorRequest::None) {
        m_total.reason = Text::of("not asked for");
        return std::move(m_total);
    }
    // What the metadata declares wins over the graph: it comes with samples, and with activations that can be changed.
    if (search.chain && (m_model.network || !m_model.graph)) {
        QS_CHECK(chainErrors(*search.chain, context));
        return std::move(m_total);
    }
    QS_ASSIGN(const NetworkSearch network, findNetwork(m_model, activation, context));
    if (network.network) {
        QS_CHECK(graphErrors(network, context));
        return std::move(m_total);
    }
    m_total.reason = m_model.graph ? network.reason : search.reason;
    if (m_options.inputs && m_options.inputs->samples > 0)
        QS_CHECK(layerErrors(context));
    return std::move(m_total);
}

const ModelSamples *OutputErrors::ownSamples() const
{
    return m_model.network && m_model.network->samples ? &*m_model.network->samples : nullptr;
}

/// How many samples would be fed, known before any are read or made.
std::uint64_t OutputErrors::sampleCount() const
{
    if (m_options.inputs)
        return m_options.inputs->samples;
    return ownSamples() ? m_model.tensors[ownSamples()->inputs].shape[0] : kDefaultSamples;
}

/// Whether every other sample is left out, since ranges or codes are chosen by it.
bool OutputErrors::measuresHalf() const
{
    return choseOnHalf(m_decisions) || (m_options.heldOut && (m_options.inputs || ownSamples() != nullptr));
}

Text OutputErrors::describeInputs() const
{
    if (m_options.inputs)
        return m_options.inputs->about;
    if (ownSamples())
        return ownSamples()->about.empty() ? Text::of("{} samples from the file", sampleCount())
                                           : Text::asIs(ownSamples()->about);
    return Text::of("{} samples N(0, 1), seed {}", kDefaultSamples, m_options.seed);
}

/// The inputs, which must fit the chain. The last ones that were read or made are kept.
Result<std::shared_ptr<const NetworkInputs>> OutputErrors::inputsFor(const Chain &chain, const TaskContext &context)
{
    std::shared_ptr<const NetworkInputs> inputs = m_options.inputs;
    const std::uint64_t features = chain.layers.front().inputs;
    if (!inputs) {
        const Fingerprint key =
            ownSamples() ? Fingerprint().add("own") : Fingerprint().add(features).add(m_options.seed);
        QS_ASSIGN(inputs, m_cache.inputs(key, [&] {
            return ownSamples() ? samplesOf(m_model) : gaussianInputs(features, m_options.seed, context);
        }));
    }
    if (inputs->samples == 0)
        return fail(ErrorCode::Input,
                    Text::of("inputs of a chain of layers must be one array of floats (f4, f8), [samples, in]"));
    if (inputs->features != features)
        return fail(ErrorCode::Input,
                    Text::of("inputs have {} features, but the first layer '{}' takes {}", inputs->features,
                             m_model.layers[chain.layers.front().layer].module, features));
    QS_CHECK(checkLabels(*inputs, chain.layers.back().outputs));
    return measuresHalf() ? halfOf(inputs, true) : inputs;
}

Result<void> OutputErrors::chainErrors(const Chain &chain, const TaskContext &context)
{
    for (const ChainLayer &layer : chain.layers)
        m_total.order.push_back(layer.layer);
    m_total.assumed = chain.assumed;
    if (Text problem = whyNever(chain); !problem.empty()) {
        m_total.reason = std::move(problem);
        return {};
    }
    m_total.inputs = describeInputs();
    if (askFirst(networkGigaFlop(chain, sampleCount()), activationBytes(chain, sampleCount()),
                 Text::of("running the network")))
        return {};
    auto inputs = inputsFor(chain, context);
    if (!inputs && inputs.error().code == ErrorCode::Input && !m_options.inputs) {
        // The file's own samples are wrong: no reason to say nothing about its weights.
        m_total.reason = Text::of("the file's own samples cannot be fed: {}", inputs.error().sentence());
        return {};
    }
    if (!inputs)
        return std::unexpected(std::move(inputs).error());
    if (measuresHalf())
        m_total.inputs = (*inputs)->about;
    return runChain(chain, **inputs, context);
}

/// True when the work is too much to start by itself; says so with the expected time.
bool OutputErrors::askFirst(double gigaFlop, std::uint64_t bytes, const Text &what)
{
    m_total.gigaFlop = gigaFlop;
    if (m_options.outputError != OutputErrorRequest::Auto || gigaFlop <= kAutomaticGigaFlop)
        return false;
    m_total.onRequest = true;
    m_total.estimatedSeconds = gigaFlop / productSpeed();
    m_total.estimatedBytes = bytes;
    m_total.reason = Text::of("{} takes about {} GFLOP, more than is run without being asked", what,
                              fmt::format("{:.0f}", gigaFlop));
    return true;
}

/// Why the chain cannot be run at all; empty when it can.
Text OutputErrors::whyNever(const Chain &chain) const
{
    for (const ChainLayer &layer : chain.layers) {
        if (layer.inputs * layer.outputs > kMostNetworkWeights)
            return Text::of("layer '{}' has {} weights; networks are run with at most {} weights in a layer",
                            m_model.layers[layer.layer].module, layer.inputs * layer.outputs, kMostNetworkWeights);
        if (const auto &statistics = m_layers[layer.layer]->statistics; statistics && !statistics->finite())
            return Text::of("layer '{}' {}, so the network's output would not be finite",
                            m_model.layers[layer.layer].module, m_decisions[layer.layer].reason);
    }
    const std::uint64_t most = m_cache.budget().limit();
    if (const std::uint64_t bytes = activationBytes(chain, sampleCount()); bytes > most)
        return Text::of("running the network with {} samples would hold {} MiB of activations; at most {} MiB "
                        "are held",
                        sampleCount(), bytes >> 20U, most >> 20U);
    return {};
}

Result<void> OutputErrors::runChain(const Chain &chain, const NetworkInputs &inputs, const TaskContext &context)
{
    const auto network = std::make_shared<const Network>(networkOf(m_model, chain));
    const Fingerprint key =
        Fingerprint().add("chain").add(hashOf(*network)).add(inputs.id).add(slipsOf(m_options.teaching));
    QS_ASSIGN(const auto session, m_cache.session(key, [&]() -> Result<AnalysisCache::Session> {
        QS_ASSIGN(auto plan, RunPlan::make(m_model, network));
        QS_ASSIGN(NetworkFeed feed, chainFeed(*network, inputs, m_cache.budget()));
        return std::make_shared<NetworkSession>(std::move(plan), std::move(feed), m_cache.budget());
    }));
    return runSession(*session, true, context);
}

/// Read once for all runs, as far as there is room.
Result<ValuePtr> OutputErrors::otherWeights(std::size_t layer, const TaskContext &context)
{
    const Layer &what = m_model.layers[layer];
    if (ValuePtr found = m_cache.weights(what, m_decisions[layer], true))
        return found;
    QS_ASSIGN(ValuePtr values, m_options.otherWeights(layer, context));
    m_cache.keepWeights(what, m_decisions[layer], true, values);
    return values;
}

Result<void> OutputErrors::runSession(NetworkSession &session, bool whole, const TaskContext &context)
{
    const auto weights = [&](std::size_t layer, bool quantized, const TaskContext &inner) -> Result<ValuePtr> {
        if (quantized && m_options.otherWeights)
            return otherWeights(layer, inner);
        if (quantized && m_options.teaching.any())
            return taughtWeights(m_model, layer, m_decisions[layer], m_options.teaching, m_cache, inner);
        return layerWeights(m_model, layer, m_decisions[layer], quantized, m_cache, inner);
    };
    const NetworkRun run{
        .model = m_model,
        .decisions = m_decisions,
        .weights = weights,
        .whole = whole,
        .wanted = m_options.wanted,
        .onLayer = [this](std::size_t layer, const LayerOutputError &error) { setOutputError(layer, error); },
        .onTotal = [this](const OutputErrorReport &total) { m_onTotal(withInputs(total)); },
        .onNode = [this] { m_cache.countNode(); }};
    QS_ASSIGN(NetworkResult result, session.measure(run, context));
    m_total = withInputs(std::move(result.total));
    return {};
}

/// With what is known without running anything.
OutputErrorReport OutputErrors::withInputs(OutputErrorReport total) const
{
    total.inputs = m_total.inputs;
    total.assumed = m_total.assumed;
    total.gigaFlop = m_total.gigaFlop;
    total.order = m_total.order;
    total.fed = m_total.fed;
    total.endsWithLayer = m_total.endsWithLayer;
    return total;
}

/// Whether a user said what is fed, so that it is an error when it does not fit.
bool OutputErrors::givesNetworkInputs() const
{
    return m_options.inputs || !m_options.dims.empty() || m_options.samples;
}

Result<AnalysisCache::Session> OutputErrors::graphSession(const NetworkSearch &search)
{
    Fingerprint key;
    key.add("graph").add(hashOf(*search.network)).add(m_options.inputs ? m_options.inputs->id : 0);
    key.add(m_options.seed).add(m_options.samples.value_or(0)).add(slipsOf(m_options.teaching));
    for (const auto &[name, size] : m_options.dims)
        key.add(name).add(size);
    const bool heldOut = measuresHalf();
    key.add(heldOut ? 1 : 0);
    return m_cache.session(key, [&]() -> Result<AnalysisCache::Session> {
        QS_ASSIGN(auto plan, RunPlan::make(m_model, search.network));
        const FeedOptions options{m_options.inputs, m_options.dims, m_options.samples, m_options.seed};
        QS_ASSIGN(NetworkFeed feed, graphFeed(*search.network, options, m_cache.budget()));
        if (heldOut)
            keepHalf(feed, true);
        return std::make_shared<NetworkSession>(std::move(plan), std::move(feed), m_cache.budget());
    });
}

Text OutputErrors::whyNotRun(const Error &error, const NetworkSession *session) const
{
    const Text sentence = Text::of("the network cannot be run: {}", error.sentence());
    if (session == nullptr || session->feed().assumedDims.empty())
        return sentence;
    return Text::of("{}; free dimensions were taken as {}; other sizes may fit", sentence, session->feed().assumedDims);
}

Result<void> OutputErrors::graphErrors(const NetworkSearch &search, const TaskContext &context)
{
    auto session = graphSession(search);
    if (!session) {
        const ErrorCode code = session.error().code;
        if (code == ErrorCode::Cancelled || (givesNetworkInputs() && code != ErrorCode::Work))
            return std::unexpected(std::move(session).error());
        m_total.reason = whyNotRun(session.error(), nullptr);
        return {};
    }
    const NetworkSession &found = **session;
    if (found.plan().layerSlots().empty()) {
        m_total.reason = Text::of("no layer is used by the network {}", search.source);
        return {};
    }
    m_total.inputs = found.feed().about;
    m_total.fed = found.feed().inputs;
    m_total.assumed = Text::of("the network {}: {}", search.source, summaryOf(*search.network));
    m_total.endsWithLayer = false;
    for (const LayerSlot &slot : found.plan().layerSlots())
        m_total.order.push_back(slot.layer);
    const auto done = runSession(**session, m_options.outputError == OutputErrorRequest::Network, context);
    if (!done && done.error().code == ErrorCode::Cancelled)
        return done;
    if (!done)
        m_total.reason = whyNotRun(done.error(), &found);
    return {};
}

void OutputErrors::setOutputError(std::size_t index, const LayerOutputError &error)
{
    auto updated = std::make_shared<LayerReport>(*m_layers[index]); // the callback may hold the earlier one
    updated->outputError = error;
    m_layers[index] = std::move(updated);
    if (m_onLayer)
        m_onLayer(index, m_layers[index]);
}

/// A quantized Linear layer that takes the features of the given inputs.
std::optional<ChainLayer> OutputErrors::layerFor(std::size_t index, const NetworkInputs &inputs) const
{
    const std::vector<std::uint64_t> &shape = m_layers[index]->shape;
    if (m_layers[index]->op != Op::Linear || shape.size() != 2 || shape[1] != inputs.features ||
        !m_decisions[index].quantize || shape[0] * shape[1] > kMostNetworkWeights)
        return std::nullopt;
    return ChainLayer{index, shape[1], shape[0], {}, {}};
}

/// No graph, but inputs: the output error of each layer that takes that many features.
Result<void> OutputErrors::layerErrors(const TaskContext &context)
{
    const NetworkInputs &inputs = *m_options.inputs;
    std::vector<ChainLayer> fitting;
    double work = 0;
    std::uint64_t largest = 0; // bytes of weights, float and quantized
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (const auto layer = layerFor(i, inputs)) {
            fitting.push_back(*layer);
            work += 2 * gigaFlop(*layer, inputs.samples);
            largest = std::max(largest, 2 * layer->inputs * layer->outputs * sizeof(float));
        }
    }
    if (fitting.empty()) {
        m_total.reason =
            Text::of("{}; no quantized layer takes the {} features of the inputs", m_total.reason, inputs.features);
        return {};
    }
    if (askFirst(work, largest, Text::of("feeding the layers")))
        return {};
    for (const ChainLayer &layer : fitting) {
        QS_CHECK(context.check());
        const Decision &decision = m_decisions[layer.layer];
        QS_ASSIGN(const ValuePtr before, layerWeights(m_model, layer.layer, decision, false, m_cache, context));
        QS_ASSIGN(const ValuePtr after, layerWeights(m_model, layer.layer, decision, true, m_cache, context));
        LayerOutputError error;
        QS_ASSIGN(error.layerOutput, layerOutputError(*before, *after, layer, inputs, context));
        setOutputError(layer.layer, error);
    }
    m_total.kind = OutputErrorKind::Layer;
    m_total.inputs = inputs.about;
    m_total.samples = inputs.samples;
    return {};
}

} // namespace qs
