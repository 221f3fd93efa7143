// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/calibration.h"

#include "core/analysis/layer_analysis.h"
#include "core/eval/moment_run.h"
#include "core/layers/importance.h"
#include "core/network/chain.h"
#include "core/network/makers.h"

#include <algorithm>
#include <utility>

namespace qs {
namespace {

/// A network with the samples that choose.
struct Calibration {
    std::shared_ptr<const RunPlan> plan;
    NetworkFeed feed;
    Text about;
    bool half = false;
};

class Calibrator
{
public:
    Calibrator(const Model &model, std::optional<Activation> activation, const AnalyzeOptions &options,
               AnalysisCache &cache, const TaskContext &context)
        : m_model(model)
        , m_activation(activation)
        , m_options(options)
        , m_cache(cache)
        , m_context(context)
    {}

    Result<AnalysisCache::Moments> moments()
    {
        if (m_options.importance) {
            const Fingerprint key = Fingerprint().add("importance").add(m_options.importance->id);
            return m_cache.moments(key, [&]() -> Result<AnalysisCache::Moments> {
                return std::make_shared<const LayerMoments>(momentsOf(m_model, *m_options.importance));
            });
        }
        const bool own = m_model.network && m_model.network->samples;
        if (!m_options.inputs && !own && !m_options.samples)
            return refused(Text::of("nothing is known of what they are; give samples, or ask for random ones"));
        // As the output error is found: what the metadata declares wins over the graph.
        ChainSearch chain = findChain(m_model, m_activation);
        if (chain.chain && (m_model.network || !m_model.graph))
            return momentsOfChain(*chain.chain);
        QS_ASSIGN(const NetworkSearch search, findNetwork(m_model, m_activation, m_context));
        if (!search.network)
            return refused(m_model.graph ? search.reason : chain.reason);
        return momentsOfGraph(search);
    }

private:
    static std::unexpected<Error> refused(const Text &reason)
    {
        return fail(ErrorCode::Usage,
                    Text::of("ranges or codes are to be chosen by what the layers are fed, but {}", reason));
    }

    Result<AnalysisCache::Moments> momentsOfChain(const Chain &chain)
    {
        const auto network = std::make_shared<const Network>(networkOf(m_model, chain));
        const std::uint64_t features = chain.layers.front().inputs;
        std::shared_ptr<const NetworkInputs> all = m_options.inputs;
        const bool random = !all && !m_model.network;
        if (!all && m_model.network && m_model.network->samples) {
            QS_ASSIGN(all, samplesOf(m_model));
        } else if (!all) {
            QS_ASSIGN(all, gaussianInputs(features, m_options.seed + 1, m_context));
        }
        if (all->samples == 0 || all->features != features)
            return refused(
                Text::of("the samples have {} features and the first layer takes {}", all->features, features));
        const auto chosen = random ? all : halfOf(all, false);
        const Fingerprint key = Fingerprint().add("chain").add(hashOf(*network)).add(chosen->id);
        return m_cache.moments(key, [&]() -> Result<AnalysisCache::Moments> {
            Calibration how{.plan = {}, .feed = {}, .about = {}, .half = chosen->samples < all->samples};
            how.about =
                how.half ? Text::of("{} of {} samples: {}", chosen->samples, all->samples, all->about) : all->about;
            QS_ASSIGN(how.plan, RunPlan::make(m_model, network));
            QS_ASSIGN(how.feed, chainFeed(*network, *chosen, m_cache.budget()));
            return run(how);
        });
    }

    Result<AnalysisCache::Moments> momentsOfGraph(const NetworkSearch &search)
    {
        FeedOptions options{m_options.inputs, m_options.dims, m_options.samples, m_options.seed};
        const bool random = !options.inputs;
        options.seed += random ? 1 : 0;
        Fingerprint key;
        key.add("graph").add(hashOf(*search.network)).add(options.inputs ? options.inputs->id : 0);
        key.add(options.seed).add(options.samples.value_or(0));
        for (const auto &[name, size] : options.dims)
            key.add(name).add(size);
        return m_cache.moments(key, [&]() -> Result<AnalysisCache::Moments> {
            Calibration how;
            QS_ASSIGN(how.plan, RunPlan::make(m_model, search.network));
            QS_ASSIGN(how.feed, graphFeed(*search.network, options, m_cache.budget()));
            const std::size_t all = how.feed.samples;
            if (!random)
                keepHalf(how.feed, false);
            how.half = how.feed.samples < all;
            if (how.half)
                how.about = Text::of("{} of {}", how.feed.samples, how.feed.about);
            else
                how.about = random ? how.feed.about : Text::of("{}; it is measured, too", how.feed.about);
            return run(how);
        });
    }

    Result<AnalysisCache::Moments> run(const Calibration &how)
    {
        const auto weights = [&](std::size_t layer, const TaskContext &context) {
            Decision floats;
            floats.channelAxis = m_model.layers[layer].channelAxis;
            return layerWeights(m_model, layer, floats, false, m_cache, context);
        };
        auto moments = inputMoments({.model = m_model,
                                     .plan = *how.plan,
                                     .feed = how.feed,
                                     .weights = weights,
                                     .budget = m_cache.budget(),
                                     .about = how.about,
                                     .half = how.half},
                                    m_context);
        if (!moments && moments.error().code == ErrorCode::Cancelled)
            return std::unexpected(std::move(moments).error());
        if (!moments)
            return refused(Text::of("the network cannot be run: {}", moments.error().sentence()));
        return std::make_shared<const LayerMoments>(*std::move(moments));
    }

    const Model &m_model;
    std::optional<Activation> m_activation;
    const AnalyzeOptions &m_options;
    AnalysisCache &m_cache;
    const TaskContext &m_context;
};

bool lacksMoments(const Decision &decision)
{
    return decision.quantize && decision.scheme.needsInputs() && !decision.moments;
}

/// Whether sample `index` of `count` is one of the half.
bool belongs(std::size_t index, std::size_t count, bool heldOut)
{
    return count < 2 || (index % 2 == 1) == heldOut;
}

} // namespace

Result<void> addInputMoments(const Model &model, std::optional<Activation> activation, std::vector<Decision> &decisions,
                             const AnalyzeOptions &options, AnalysisCache &cache, const TaskContext &context)
{
    if (std::ranges::none_of(decisions, lacksMoments))
        return {};
    QS_ASSIGN(const AnalysisCache::Moments moments, Calibrator(model, activation, options, cache, context).moments());
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        const auto &found = (*moments)[i];
        if (!decisions[i].scheme.needsInputs() || decisions[i].moments || !found)
            continue;
        // Of an axis that a user has chosen, nothing is known.
        const Layer &layer = model.layers[i];
        if (decisions[i].channelAxis == layer.channelAxis &&
            found->fits(matrixShape(model.tensorOf(layer), layer.channelAxis)))
            decisions[i].moments = found;
    }
    return {};
}

Text chosenOn(std::span<const Decision> decisions)
{
    for (const Decision &decision : decisions)
        if (decision.quantize && decision.scheme.needsInputs() && decision.moments)
            return decision.moments->about;
    return {};
}

bool choseOnHalf(std::span<const Decision> decisions)
{
    return std::ranges::any_of(decisions, [](const Decision &decision) {
        return decision.quantize && decision.scheme.needsInputs() && decision.moments && decision.moments->half;
    });
}

std::shared_ptr<const NetworkInputs> halfOf(const std::shared_ptr<const NetworkInputs> &inputs, bool heldOut)
{
    if (inputs->samples < 2)
        return inputs;
    auto half = std::make_shared<NetworkInputs>();
    half->features = inputs->features;
    for (std::uint64_t s = 0; s < inputs->samples; ++s) {
        if (!belongs(s, inputs->samples, heldOut))
            continue;
        const auto row = std::span(inputs->values).subspan(s * inputs->features, inputs->features);
        half->values.insert(half->values.end(), row.begin(), row.end());
        if (!inputs->labels.empty())
            half->labels.push_back(inputs->labels[s]);
        ++half->samples;
    }
    half->about =
        heldOut ? Text::of("the other {} of {} samples, held out: {}", half->samples, inputs->samples, inputs->about)
                : inputs->about;
    half->id = Fingerprint().add(inputs->id).add(heldOut ? 1 : 2).hash();
    return half;
}

void keepHalf(NetworkFeed &feed, bool heldOut)
{
    const std::size_t count = feed.samples;
    if (count < 2)
        return;
    std::vector<std::size_t> samples;
    std::vector<std::int64_t> labels;
    for (std::size_t s = 0; s < count; ++s) {
        if (!belongs(s, count, heldOut))
            continue;
        samples.push_back(s);
        if (feed.labels.size() == count)
            labels.push_back(feed.labels[s]);
    }
    feed.samples = samples.size();
    feed.sample = [all = std::move(feed.sample), samples](std::size_t index, const TaskContext &context) {
        return all(samples[index], context);
    };
    feed.labels = std::move(labels);
    if (heldOut)
        feed.about = Text::of("the other {}, held out, of {}", feed.samples, feed.about);
    feed.id = Fingerprint().add(feed.id).add(heldOut ? 1 : 2).hash();
}

} // namespace qs
