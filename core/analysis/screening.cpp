// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/screening.h"

#include "core/analysis/layer_analysis.h"
#include "core/base/guarded.h"
#include "core/network/chain.h"
#include "core/quant/stored.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace qs {

namespace {

constexpr double kLoud = 4;
constexpr double kOutlier = 12;
constexpr std::uint64_t kFewestWeights = 8; // of a channel: fewer have no usual size
constexpr std::uint64_t kFewestSamples = 16;
constexpr double kMostGigaFlop = 0.5;
constexpr std::size_t kNamedChannels = 12; // in a sentence

struct ChannelSums {
    double largest = 0; ///< |w|
    double energy = 0;  ///< Σw²
    bool negative = false;
    bool positive = false;

    void add(float weight)
    {
        const auto value = static_cast<double>(weight);
        largest = std::max(largest, std::fabs(value));
        energy += value * value;
        negative = negative || weight < 0;
        positive = positive || weight > 0;
    }
    /// √mean(w²) without the largest weight.
    double usual(std::uint64_t weights) const
    {
        return std::sqrt(std::max(energy - largest * largest, 0.0) / static_cast<double>(weights - 1));
    }
};

using Channels = std::vector<std::uint64_t>;

double middleOf(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

std::string listOf(const Channels &channels)
{
    const auto shown = std::min(channels.size(), kNamedChannels);
    std::string list = fmt::format("{}", fmt::join(channels.begin(), channels.begin() + std::ptrdiff_t(shown), ", "));
    if (shown < channels.size())
        list += ", …";
    return list;
}

/// Looks at one model; collects what it finds.
class Screening
{
public:
    Screening(const Model &model, AnalysisCache &cache, const TaskContext &context)
        : m_model(model)
        , m_cache(cache)
        , m_context(context)
    {}

    Result<std::vector<Trouble>> run();

private:
    Result<std::vector<ChannelSums>> sumsOf(const Layer &layer, MatrixShape &shape) const;
    Result<void> screen(std::size_t layer);
    Result<void> screenSilence(const Chain &chain);
    Result<std::vector<float>> biasOf(const ChainLayer &layer) const;
    void add(std::size_t layer, TroubleKind kind, Channels channels, std::uint64_t of);

    const Model &m_model;
    AnalysisCache &m_cache;
    const TaskContext &m_context;
    std::vector<Channels> m_dead; ///< by layer
    std::vector<Trouble> m_troubles;
};

Text sentenceOf(TroubleKind kind, const Channels &channels, std::uint64_t of)
{
    const std::size_t count = channels.size();
    switch (kind) {
    case TroubleKind::DeadChannels:
        return Text::of("{} of {} channels are dead, all their weights are 0: {}", count, of, listOf(channels));
    case TroubleKind::SilentChannels:
        return Text::of("{} of {} channels are silent for all samples: {}", count, of, listOf(channels));
    case TroubleKind::LoudChannels:
        return Text::of("{} of {} channels are more than 4 times as loud as the middle one: {}", count, of,
                        listOf(channels));
    case TroubleKind::Outliers:
        return Text::of("{} of {} channels have an outlier more than 12 times the size of their other weights: {}",
                        count, of, listOf(channels));
    case TroubleKind::OneSided:
        break;
    }
    return Text::of("all weights have one sign, so that half of the symmetric codes are never used");
}

void Screening::add(std::size_t layer, TroubleKind kind, Channels channels, std::uint64_t of)
{
    if (channels.empty() && kind != TroubleKind::OneSided)
        return;
    Text sentence = sentenceOf(kind, channels, of);
    m_troubles.push_back({layer, kind, std::move(channels), std::move(sentence)});
}

Result<std::vector<ChannelSums>> Screening::sumsOf(const Layer &layer, MatrixShape &shape) const
{
    const LayerValues source(m_model, layer, layer.channelAxis, nullptr);
    shape = source.blocks().shape();
    std::vector<ChannelSums> sums(shape.channels);
    const BlockLayout layout = source.blocks().layout();
    std::vector<float> values;
    for (std::uint64_t i = 0; i < layout.count(); ++i) {
        QS_CHECK(m_context.check());
        const BlockRange range = layout.block(i);
        QS_CHECK(source.read(range, values));
        for (std::uint64_t k = 0; k < range.size(); ++k)
            sums[range.channel + k / range.weights].add(values[k]);
    }
    return sums;
}

Result<void> Screening::screen(std::size_t index)
{
    const Layer &layer = m_model.layers[index];
    MatrixShape shape;
    QS_ASSIGN(const std::vector<ChannelSums> sums, sumsOf(layer, shape));
    std::vector<double> usual;
    std::vector<double> largest;
    Channels dead;
    bool negative = false;
    bool positive = false;
    for (std::uint64_t channel = 0; channel < sums.size(); ++channel) {
        const ChannelSums &one = sums[channel];
        negative = negative || one.negative;
        positive = positive || one.positive;
        if (one.largest == 0)
            dead.push_back(channel);
        usual.push_back(shape.weights >= kFewestWeights ? one.usual(shape.weights) : 0);
        largest.push_back(one.largest);
    }
    const bool isConstant = !negative && !positive;
    Channels loud;
    Channels outliers;
    if (!isConstant && shape.weights >= kFewestWeights) {
        const double middle = middleOf(usual);
        const double middleLargest = middleOf(largest);
        for (std::uint64_t channel = 0; channel < sums.size(); ++channel) {
            if (usual[channel] > kLoud * middle && middle > 0)
                loud.push_back(channel);
            // The largest weight of a channel that is next to nothing sets no scale that matters.
            if (largest[channel] > kOutlier * usual[channel] && largest[channel] > middleLargest)
                outliers.push_back(channel);
        }
    }
    m_dead[index] = dead;
    add(index, TroubleKind::DeadChannels, std::move(dead), shape.channels);
    add(index, TroubleKind::LoudChannels, std::move(loud), shape.channels);
    add(index, TroubleKind::Outliers, std::move(outliers), shape.channels);
    if (negative != positive && shape.channels * shape.weights >= kFewestWeights * kFewestWeights)
        add(index, TroubleKind::OneSided, {}, shape.channels);
    return {};
}

Result<std::vector<float>> Screening::biasOf(const ChainLayer &layer) const
{
    std::vector<float> bias(layer.outputs, 0.0F);
    if (layer.bias)
        QS_CHECK(FloatBlocks(m_model.view(*layer.bias), 0).read({0, layer.outputs, 0, 1}, bias));
    return bias;
}

/// Feeds the samples through the float chain, and asks of each channel what the most is that it could say.
Result<void> Screening::screenSilence(const Chain &chain)
{
    QS_ASSIGN(const auto inputs, samplesOf(m_model));
    std::vector<float> values = inputs->values;
    for (const ChainLayer &layer : chain.layers) {
        QS_CHECK(m_context.check());
        QS_ASSIGN(const ValuePtr weights, layerWeights(m_model, layer.layer, {}, false, m_cache, m_context));
        QS_ASSIGN(const std::vector<float> bias, biasOf(layer));
        std::vector<float> low(layer.inputs, HUGE_VALF);
        std::vector<float> high(layer.inputs, -HUGE_VALF);
        for (std::size_t i = 0; i < values.size(); ++i) {
            low[i % layer.inputs] = std::min(low[i % layer.inputs], values[i]);
            high[i % layer.inputs] = std::max(high[i % layer.inputs], values[i]);
        }
        Channels silent;
        std::vector<float> next(inputs->samples * layer.outputs);
        for (std::uint64_t out = 0; out < layer.outputs; ++out) {
            const auto row = weights->floats().subspan(out * layer.inputs, layer.inputs);
            auto most = static_cast<double>(bias[out]);
            for (std::uint64_t k = 0; k < layer.inputs; ++k)
                most += static_cast<double>(row[k] * (row[k] > 0 ? high[k] : low[k]));
            if (most <= 0 && layer.activation == Activation::Relu &&
                !std::ranges::binary_search(m_dead[layer.layer], out))
                silent.push_back(out);
            for (std::uint64_t sample = 0; sample < inputs->samples; ++sample) {
                float sum = bias[out];
                for (std::uint64_t k = 0; k < layer.inputs; ++k)
                    sum += row[k] * values[sample * layer.inputs + k];
                next[sample * layer.outputs + out] = layer.activation == Activation::Relu ? std::max(sum, 0.0F) : sum;
            }
        }
        add(layer.layer, TroubleKind::SilentChannels, std::move(silent), layer.outputs);
        values = std::move(next);
    }
    return {};
}

/// The chain, when silence can be looked for in it.
std::optional<Chain> chainToHear(const Model &model)
{
    if (!model.network || !model.network->samples)
        return std::nullopt;
    const std::uint64_t samples = model.tensors[model.network->samples->inputs].shape[0];
    ChainSearch search = findChain(model, std::nullopt);
    if (!search.chain || samples < kFewestSamples)
        return std::nullopt;
    double work = 0;
    for (std::size_t i = 0; i < search.chain->layers.size(); ++i) {
        const ChainLayer &layer = search.chain->layers[i];
        work += gigaFlop(layer, samples);
        const bool isLast = i + 1 == search.chain->layers.size();
        if ((!isLast && layer.activation != Activation::Relu) || model.layers[layer.layer].stored)
            return std::nullopt;
    }
    return work <= kMostGigaFlop ? std::move(search.chain) : std::nullopt;
}

Result<std::vector<Trouble>> Screening::run()
{
    m_dead.resize(m_model.layers.size());
    for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
        const Layer &layer = m_model.layers[i];
        if (layer.stored || !layer.keptReason.empty() || m_model.tensorOf(layer).elements() == 0)
            continue;
        QS_CHECK(screen(i));
    }
    if (const auto chain = chainToHear(m_model)) {
        const auto heard = screenSilence(*chain);
        // Samples that are damaged say nothing about weights.
        if (!heard && heard.error().code != ErrorCode::Input)
            return std::unexpected(heard.error());
    }
    std::ranges::sort(m_troubles, {}, [](const Trouble &one) { return std::pair(one.layer, one.kind); });
    return std::move(m_troubles);
}

} // namespace

std::string_view textOf(TroubleKind kind)
{
    constexpr std::string_view kNames[] = {"dead channels", "silent channels", "loud channels", "outliers",
                                           "one-sided"};
    return kNames[static_cast<std::size_t>(kind)];
}

Result<std::vector<Trouble>> findTroubles(const Model &model, AnalysisCache &cache, const TaskContext &context)
{
    return guarded([&] { return Screening(model, cache, context).run(); });
}

} // namespace qs
