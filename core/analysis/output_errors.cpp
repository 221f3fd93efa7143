// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/output_errors.h"

#include "core/analysis/layer_analysis.h"
#include "core/network/chain.h"

#include <utility>

#include <fmt/format.h>

namespace qs {
namespace {

// Above this a network runs on request only (NUMERICS.md §3).
constexpr double kAutomaticGigaFlop = 2;
// Weights of one layer that a network run may hold in memory, float and quantized: 128 MiB each.
constexpr std::uint64_t kMostNetworkWeights = std::uint64_t{32} << 20U;
// Activations that a network run may hold in memory.
constexpr std::uint64_t kMostActivationBytes = std::uint64_t{320} << 20U;

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

} // namespace

Result<OutputErrorReport> OutputErrors::measure(const ChainSearch &search, const TaskContext &context)
{
    m_total = {};
    if (m_options.outputError == OutputErrorRequest::None) {
        m_total.reason = Text::of("not asked for");
    } else if (search.chain) {
        QS_CHECK(networkErrors(*search.chain, context));
    } else {
        m_total.reason = search.reason;
        if (m_options.inputs)
            QS_CHECK(layerErrors(context));
    }
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
    if (inputs->features != features)
        return fail(ErrorCode::Input,
                    Text::of("inputs have {} features, but the first layer '{}' takes {}", inputs->features,
                             m_model.layers[chain.layers.front().layer].module, features));
    QS_CHECK(checkLabels(*inputs, chain.layers.back().outputs));
    return inputs;
}

Result<void> OutputErrors::networkErrors(const Chain &chain, const TaskContext &context)
{
    for (const ChainLayer &layer : chain.layers)
        m_total.order.push_back(layer.layer);
    m_total.assumed = chain.assumed;
    if (Text problem = whyNever(chain); !problem.empty()) {
        m_total.reason = std::move(problem);
        return {};
    }
    m_total.inputs = describeInputs();
    if (askFirst(networkGigaFlop(chain, sampleCount()), Text::of("running the network")))
        return {};
    auto inputs = inputsFor(chain, context);
    if (!inputs && inputs.error().code == ErrorCode::Input && !m_options.inputs) {
        // The file's own samples are wrong: no reason to say nothing about its weights.
        m_total.reason = Text::of("the file's own samples cannot be fed: {}", inputs.error().sentence());
        return {};
    }
    if (!inputs)
        return std::unexpected(std::move(inputs).error());
    return runChain(chain, **inputs, context);
}

/// True when the work is too much to start by itself; says so with the expected time.
bool OutputErrors::askFirst(double gigaFlop, const Text &what)
{
    m_total.gigaFlop = gigaFlop;
    if (m_options.outputError != OutputErrorRequest::Auto || gigaFlop <= kAutomaticGigaFlop)
        return false;
    m_total.onRequest = true;
    m_total.estimatedSeconds = gigaFlop / productSpeed();
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
    if (const std::uint64_t bytes = activationBytes(chain, sampleCount()); bytes > kMostActivationBytes)
        return Text::of("running the network with {} samples would hold {} MiB of activations; at most {} MiB "
                        "are held",
                        sampleCount(), bytes >> 20U, kMostActivationBytes >> 20U);
    return {};
}

Result<void> OutputErrors::runChain(const Chain &chain, const NetworkInputs &inputs, const TaskContext &context)
{
    const auto weights = [&](std::size_t layer, bool quantized, const TaskContext &inner) {
        return layerWeights(m_model, layer, m_decisions[layer], quantized, m_cache, inner);
    };
    const auto onProduct = [this] { m_cache.countProduct(); };
    const NetworkRun run{m_model, chain, inputs, m_decisions, weights, m_cache.outputs(), onProduct};
    QS_ASSIGN(NetworkResult result, runNetwork(run, context));
    OutputErrorReport total = std::move(result.total);
    total.kind = OutputErrorKind::Network;
    total.inputs = m_total.inputs;
    total.assumed = m_total.assumed;
    total.gigaFlop = m_total.gigaFlop;
    total.order = m_total.order;
    m_total = std::move(total);
    for (const ChainLayer &layer : chain.layers)
        setOutputError(layer.layer, result.layers[layer.layer]);
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
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (const auto layer = layerFor(i, inputs)) {
            fitting.push_back(*layer);
            work += 2 * gigaFlop(*layer, inputs.samples);
        }
    }
    if (fitting.empty()) {
        m_total.reason =
            Text::of("{}; no quantized layer takes the {} features of the inputs", m_total.reason, inputs.features);
        return {};
    }
    if (askFirst(work, Text::of("feeding the layers")))
        return {};
    for (const ChainLayer &layer : fitting) {
        QS_CHECK(context.check());
        const Decision &decision = m_decisions[layer.layer];
        QS_ASSIGN(const WeightValues before, layerWeights(m_model, layer.layer, decision, false, m_cache, context));
        QS_ASSIGN(const WeightValues after, layerWeights(m_model, layer.layer, decision, true, m_cache, context));
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
