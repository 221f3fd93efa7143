// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/scale_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qs::ui {

namespace {

constexpr double kSmallestShare = 0.075; // of the width, so that a layer with one channel can be clicked
constexpr double kSharesTogether = 0.5;  // smallest shares of many layers may not take more than this
constexpr double kBeyondUsual = 10;      // how far the axis reaches beyond 98 % of all scales
constexpr double kPadding = 0.03;        // of a band's width, on each side

std::size_t index(qint64 value)
{
    return static_cast<std::size_t>(value);
}

bool isUsual(float scale, ScaleQuantity quantity = ScaleQuantity::Step)
{
    return std::isfinite(scale) && (scale > 0 || quantity == ScaleQuantity::ZeroPoint);
}

/// One number per scale.
std::vector<float> numbersOf(const LayerQuantization &quantization, ScaleQuantity quantity)
{
    std::vector<float> all = quantization.scales;
    if (quantity == ScaleQuantity::Step) {
        // A step is a distance: conventions with signed scales mean no other thing by the sign.
        for (float &scale : all)
            scale = std::abs(scale);
        return all;
    }
    if (!quantization.offsets.empty())
        return quantization.offsets;
    std::ranges::fill(all, 0.0F); // that of symmetric codes
    for (std::size_t i = 0; i < std::min(all.size(), quantization.zeroPoints.size()); ++i)
        all[i] = static_cast<float>(quantization.zeroPoints[i]);
    return all;
}

void fillScales(ScaleBand &band)
{
    band.scales.clear();
    band.lowest.clear();
    band.highest.clear();
    band.dead.clear();
    std::fill(std::begin(band.quartiles), std::end(band.quartiles), 0.0f);
    if (!band.layer || !band.layer->quantization || band.layer->quantization->scales.empty())
        return;
    const LayerQuantization &quantization = *band.layer->quantization;
    std::vector<float> all = numbersOf(quantization, band.quantity);
    const auto groups = index(static_cast<qint64>(quantization.groupsPerChannel));
    const auto channels = index(band.channels);
    if (all.size() == channels && groups <= 1) {
        band.scales = std::move(all);
    } else if (groups > 1 && all.size() == channels * groups) {
        std::vector<float> sorted;
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const auto first = all.begin() + static_cast<std::ptrdiff_t>(channel * groups);
            sorted.assign(first, first + static_cast<std::ptrdiff_t>(groups));
            std::ranges::sort(sorted);
            band.lowest.push_back(sorted.front());
            band.highest.push_back(sorted.back());
            band.scales.push_back(sorted[(groups - 1) / 2]); // the lower middle, as in the report
        }
    } else {
        band.scales.assign(channels, all.front());
    }
    for (std::size_t channel = 0; channel < std::min(channels, quantization.channelMax.size()); ++channel)
        if (quantization.channelMin[channel] == 0 && quantization.channelMax[channel] == 0)
            band.dead.push_back(channel);
    std::vector<float> sorted;
    sorted.reserve(band.scales.size());
    for (std::size_t channel = 0; channel < band.scales.size(); ++channel)
        if (isUsual(band.scales[channel], band.quantity) && !band.isDead(static_cast<qint64>(channel)))
            sorted.push_back(band.scales[channel]);
    if (sorted.empty())
        return;
    std::ranges::sort(sorted);
    for (std::size_t quarter = 0; quarter <= 4; ++quarter)
        band.quartiles[quarter] = sorted[(sorted.size() - 1) * quarter / 4];
}

} // namespace

bool ScaleBand::hasOneScale() const
{
    return layer && layer->quantization && layer->quantization->scheme.granularity == Granularity::tensor();
}

bool ScaleBand::isDead(qint64 channel) const
{
    return std::ranges::binary_search(dead, static_cast<std::size_t>(channel));
}

double ScaleBand::wholeLayerScale() const
{
    if (quantity != ScaleQuantity::Step)
        return std::numeric_limits<double>::quiet_NaN();
    return layer && layer->quantization ? static_cast<double>(layer->quantization->wholeLayerScale) : 0;
}

double ScaleBand::xOf(qint64 channel) const
{
    const double padding = x.size() * kPadding;
    const double share = (static_cast<double>(channel) + 0.5) / static_cast<double>(std::max<qint64>(channels, 1));
    return x.lower + padding + (x.size() - 2 * padding) * share;
}

qint64 ScaleBand::channelAt(double xCoordinate) const
{
    const double padding = x.size() * kPadding;
    const double share = (xCoordinate - x.lower - padding) / (x.size() - 2 * padding);
    const auto nearest = static_cast<qint64>(std::floor(share * static_cast<double>(channels)));
    return std::clamp<qint64>(nearest, 0, std::max<qint64>(channels - 1, 0));
}

void ScaleLayout::update(const std::vector<qint64> &channels,
                         const std::vector<std::shared_ptr<const LayerReport>> &layers, ScaleQuantity quantity)
{
    double total = 0;
    for (qint64 count : channels)
        total += static_cast<double>(std::max<qint64>(count, 1));
    const auto bandCount = static_cast<double>(std::max<std::size_t>(channels.size(), 1));
    const double smallest = total * std::min(kSmallestShare, kSharesTogether / bandCount);

    m_bands.resize(channels.size());
    double x = 0;
    bool changed = false;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        ScaleBand &band = m_bands[i];
        const double width = std::max(static_cast<double>(channels[i]), smallest);
        band.x = {x, x + width};
        x += width;
        auto layer = i < layers.size() ? layers[i] : nullptr;
        const auto quantizationOf = [](const auto &report) { return report ? report->quantization : nullptr; };
        const bool isKnown = quantizationOf(layer) == quantizationOf(band.layer) && band.channels == channels[i] &&
                             band.quantity == quantity;
        band.layer = std::move(layer);
        if (isKnown)
            continue; // the same scales as before: nothing to work out again
        band.channels = channels[i];
        band.quantity = quantity;
        fillScales(band);
        changed = true;
    }
    m_width = std::max(x, 1.0);
    if (changed || channels.empty())
        m_range = usualRange();
}

int ScaleLayout::bandAt(double x) const
{
    const auto after = std::ranges::upper_bound(m_bands, x, {}, [](const ScaleBand &band) { return band.x.upper; });
    if (after == m_bands.end() || x < after->x.lower)
        return -1;
    return static_cast<int>(after - m_bands.begin());
}

qint64 ScaleLayout::channelsIn(AxisRange range) const
{
    qint64 sum = 0;
    for (const ScaleBand &band : m_bands) {
        if (band.x.upper <= range.lower || band.x.lower >= range.upper || band.channels == 0)
            continue;
        sum += band.channelAt(range.upper) - band.channelAt(range.lower) + 1;
    }
    return sum;
}

AxisRange ScaleLayout::zeroPointRange() const
{
    AxisRange range{0, 0};
    for (const ScaleBand &band : m_bands) {
        if (!band.layer || !band.layer->quantization)
            continue;
        const LayerQuantization &quantization = *band.layer->quantization;
        double low = quantization.scheme.codeMin();
        double high = quantization.scheme.codeMax();
        if (!quantization.offsets.empty()) {
            const auto [least, most] = std::ranges::minmax(quantization.offsets);
            low = static_cast<double>(least);
            high = static_cast<double>(most);
        }
        range = {std::min(range.lower, low), std::max(range.upper, high)};
    }
    return range;
}

AxisRange ScaleLayout::usualRange() const
{
    std::size_t most = 0;
    for (const ScaleBand &band : m_bands)
        most += band.scales.size() * (band.hasGroups() ? 3 : 1);
    std::vector<float> all;
    all.reserve(most);
    std::vector<double> whole; // lines through whole layers are few, and none of them is left out
    for (const ScaleBand &band : m_bands) {
        for (std::size_t channel = 0; channel < band.scales.size(); ++channel) {
            if (!band.dead.empty() && band.isDead(static_cast<qint64>(channel)))
                continue;
            for (const float scale : {band.scales[channel], band.hasGroups() ? band.lowest[channel] : 0.0F,
                                      band.hasGroups() ? band.highest[channel] : 0.0F})
                if (isUsual(scale))
                    all.push_back(scale);
        }
        const double scale = band.wholeLayerScale();
        if (std::isfinite(scale) && scale > 0 && band.dead.size() < band.scales.size())
            whole.push_back(scale);
    }
    if (all.empty())
        return {0, 0};
    // The upper limit is looked for above the lower one only, and the extremes beyond both.
    const auto at = [&](std::size_t share) {
        return all.begin() + static_cast<std::ptrdiff_t>((all.size() - 1) * share / 100);
    };
    std::ranges::nth_element(all, at(1));
    std::nth_element(at(1), at(99), all.end());
    const float smallest = *std::min_element(all.begin(), at(1) + 1);
    const float largest = *std::max_element(at(99), all.end());
    AxisRange range{std::max(static_cast<double>(smallest), static_cast<double>(*at(1)) / kBeyondUsual),
                    std::min(static_cast<double>(largest), static_cast<double>(*at(99)) * kBeyondUsual)};
    for (const double scale : whole) {
        range.lower = std::min(range.lower, scale);
        range.upper = std::max(range.upper, scale);
    }
    return range;
}

} // namespace qs::ui
