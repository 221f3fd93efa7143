// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/layer_difficulty.h"

#include "core/analysis/shown_error.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace qs {
namespace {

constexpr double kOutlierBits = 1;
constexpr double kSpreadBits = 2;
constexpr double kOneSidedBits = 0.75;
constexpr double kHardlyClipped = 0.01; // share
constexpr std::size_t kFarRanks = 3;
constexpr std::size_t kWorstPart = 10; // one of so many is among the worst

/// The ranges of the channels that have weights other than 0.
struct Channels {
    std::vector<double> reach; ///< largest |x| of each
    double meanSquare = 0;     ///< of `reach`
    double oneSidedBits = 0;   ///< mean
    std::size_t dead = 0;

    double largest() const { return *std::ranges::max_element(reach); }
    double median() const
    {
        std::vector<double> sorted = reach;
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
        std::ranges::nth_element(sorted, middle);
        return *middle;
    }
};

Channels channelsOf(const LayerQuantization &quantization)
{
    Channels result;
    for (std::size_t i = 0; i < quantization.channelMin.size(); ++i) {
        // A range of codes always holds 0.
        const double low = std::min(0.0, static_cast<double>(quantization.channelMin[i]));
        const double high = std::max(0.0, static_cast<double>(quantization.channelMax[i]));
        const double reach = std::max(-low, high);
        if (reach == 0) {
            ++result.dead;
            continue;
        }
        result.reach.push_back(reach);
        result.meanSquare += reach * reach;
        result.oneSidedBits += std::log2(2 * reach / (high - low));
    }
    if (!result.reach.empty()) {
        result.meanSquare /= static_cast<double>(result.reach.size());
        result.oneSidedBits /= static_cast<double>(result.reach.size());
    }
    return result;
}

/// How far n normal weights reach, in standard deviations.
double usualReach(double n)
{
    return std::sqrt(2 * std::log(std::max(n, 3.0)));
}

/// Weights that share a scale.
double weightsPerScale(const LayerQuantization &quantization, const Channels &channels)
{
    const auto weights = static_cast<double>(quantization.shape.weights);
    switch (quantization.scheme.granularity.kind) {
    case Granularity::Kind::Tensor:
        return weights * static_cast<double>(channels.reach.size());
    case Granularity::Kind::Channel:
        return weights;
    case Granularity::Kind::Group:
        break;
    }
    return std::min(weights, static_cast<double>(quantization.scheme.granularity.groupSize));
}

/// Mean square of half the range of codes, over scales that serve weights other than 0.
double meanSquareOfHalfRanges(const LayerQuantization &quantization, const Channels &channels)
{
    const double steps = quantization.scheme.codeMax() - quantization.scheme.codeMin();
    const std::size_t perChannel =
        quantization.shape.channels > 0 ? quantization.scales.size() / quantization.shape.channels : 0;
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < quantization.scales.size(); ++i) {
        const std::size_t channel = perChannel > 0 ? i / perChannel : 0;
        const bool isDead = perChannel > 0 && channels.dead > 0 && quantization.channelMin[channel] == 0 &&
                            quantization.channelMax[channel] == 0;
        if (isDead)
            continue;
        const double half = std::fabs(static_cast<double>(quantization.scales[i])) * steps / 2;
        sum += half * half;
        ++count;
    }
    return count > 0 ? sum / static_cast<double>(count) : 0;
}

std::string times(double factor)
{
    return fmt::format("{:.3g}", factor);
}

std::string bitsText(double bits)
{
    return fmt::format("{:.1f}", bits);
}

void addOutliers(const LayerReport &layer, const Channels &channels, double spread, std::vector<Difficulty> &found)
{
    const LayerQuantization &quantization = *layer.quantization;
    const double live = static_cast<double>(channels.reach.size()) * static_cast<double>(quantization.shape.weights);
    const double usual = std::sqrt(layer.statistics->signalEnergy / live);
    if (!(usual > 0))
        return;
    // Where one scale serves all channels, their spread is another reason.
    const double reach = std::sqrt(meanSquareOfHalfRanges(quantization, channels)) / usual / spread;
    const double expected = usualReach(weightsPerScale(quantization, channels));
    const double bits = std::log2(reach / expected);
    if (!(bits >= kOutlierBits))
        return;
    found.push_back({DifficultyKind::Outliers, bits,
                     Text::of("outlier-bound: the range of a scale reaches {} times the usual weight, where {} times "
                              "would be normal; its largest weights cost {} bits",
                              times(reach), times(expected), bitsText(bits))});
}

void addSpread(const Channels &channels, std::vector<Difficulty> &found)
{
    const double ratio = channels.largest() / channels.median();
    const double bits = std::log2(ratio);
    if (!(bits >= kSpreadBits))
        return;
    found.push_back(
        {DifficultyKind::Spread, bits,
         Text::of("spread-bound: the widest channel reaches {} times as far as the middle one, and one scale "
                  "serves all; the middle one loses {} bits, which scales per channel would win back",
                  times(ratio), bitsText(bits))});
}

void addOneSided(const Channels &channels, std::vector<Difficulty> &found)
{
    if (!(channels.oneSidedBits >= kOneSidedBits))
        return;
    found.push_back({DifficultyKind::OneSided, channels.oneSidedBits,
                     Text::of("one-sided: the weights lie almost all on one side of 0, so that about half of the "
                              "symmetric codes stay unused; asymmetric codes would win {} bits",
                              bitsText(channels.oneSidedBits))});
}

void addResolution(const LayerQuantization &quantization, const Metrics &metrics, std::vector<Difficulty> &found)
{
    const bool isHard = metrics.relativeError && *metrics.relativeError >= kHardError;
    if (!isHard || metrics.clippedShare.value_or(0) >= kHardlyClipped)
        return;
    const int levels = quantization.scheme.codeMax() - quantization.scheme.codeMin() + 1;
    found.push_back({DifficultyKind::Resolution, 0,
                     Text::of("resolution-bound: nothing stands out among its weights, {} levels are too few for them; "
                              "only more bits or smaller groups help",
                              levels)});
}

void addDead(const Channels &channels, std::vector<Difficulty> &found)
{
    if (channels.dead == 0)
        return;
    const std::size_t all = channels.dead + channels.reach.size();
    found.push_back({DifficultyKind::DeadChannels, 0,
                     channels.dead == 1
                         ? Text::of("dead channels: all weights of 1 of {} channels are 0", all)
                         : Text::of("dead channels: all weights of {} of {} channels are 0", channels.dead, all)});
}

} // namespace

std::vector<Difficulty> difficultiesOf(const LayerReport &layer)
{
    std::vector<Difficulty> found;
    if (!layer.quantization || !layer.statistics || layer.alreadyQuantized || !layer.statistics->finite())
        return found;
    const LayerQuantization &quantization = *layer.quantization;
    if (quantization.channelMin.size() != quantization.shape.channels || quantization.scales.empty())
        return found;
    const Channels channels = channelsOf(quantization);
    if (channels.reach.empty() || quantization.shape.weights < 2)
        return found;
    const bool oneScale = quantization.scheme.granularity.kind == Granularity::Kind::Tensor;
    addOutliers(layer, channels, oneScale ? channels.largest() / std::sqrt(channels.meanSquare) : 1, found);
    if (oneScale)
        addSpread(channels, found);
    if (quantization.scheme.mode == Mode::Symmetric)
        addOneSided(channels, found);
    std::ranges::stable_sort(found, std::greater<>(), &Difficulty::bits);
    if (found.empty())
        addResolution(quantization, metricsFrom(quantization.sums), found);
    addDead(channels, found);
    return found;
}

namespace {

/// The place of each of `layers`, 1 for the one that `worse` puts first.
template <class Worse> std::vector<std::size_t> placesOf(std::vector<std::size_t> layers, std::size_t all, Worse worse)
{
    std::ranges::stable_sort(layers, worse);
    std::vector<std::size_t> places(all);
    for (std::size_t place = 0; place < layers.size(); ++place)
        places[layers[place]] = place + 1;
    return places;
}

} // namespace

std::vector<std::optional<RankContrast>> rankContrasts(const Report &report)
{
    std::vector<std::optional<RankContrast>> result(report.layers.size());
    if (shownErrorKind(report) != ShownErrorKind::Alone)
        return result;
    std::vector<std::size_t> known;
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const auto &layer = report.layers[i];
        if (!layer)
            return result;
        if (!layer->decision.quantize)
            continue;
        if (!layer->outputError.alone)
            return result;
        if (layer->metrics.sqnrDb)
            known.push_back(i);
    }
    const auto byWeights = placesOf(known, result.size(), [&](std::size_t a, std::size_t b) {
        return *report.layers[a]->metrics.sqnrDb < *report.layers[b]->metrics.sqnrDb;
    });
    const auto byOutput = placesOf(known, result.size(), [&](std::size_t a, std::size_t b) {
        return *report.layers[a]->outputError.alone > *report.layers[b]->outputError.alone;
    });
    const std::size_t worst = (known.size() + kWorstPart - 1) / kWorstPart;
    for (const std::size_t layer : known) {
        const auto [least, most] = std::minmax(byWeights[layer], byOutput[layer]);
        if (least <= worst && 2 * most > known.size() && most - least >= kFarRanks)
            result[layer] = RankContrast{byWeights[layer], byOutput[layer], known.size()};
    }
    return result;
}

} // namespace qs
