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
constexpr double kPadding = 0.03;        // of a band's width, on each side

std::size_t index(qint64 value)
{
    return static_cast<std::size_t>(value);
}

void fillScales(ScaleBand &band)
{
    band.scales.clear();
    band.lowest.clear();
    band.highest.clear();
    std::fill(std::begin(band.quartiles), std::end(band.quartiles), 0.0f);
    if (!band.layer || !band.layer->quantization || band.layer->quantization->scales.empty())
        return;
    const LayerQuantization &quantization = *band.layer->quantization;
    // A step is a distance: conventions with signed scales mean no other thing by the sign.
    std::vector<float> all = quantization.scales;
    for (float &scale : all)
        scale = std::abs(scale);
    const auto groups = index(static_cast<qint64>(quantization.groupsPerChannel));
    const auto channels = index(band.channels);
    if (all.size() == channels && groups <= 1) {
        band.scales = all;
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
    std::vector<float> sorted;
    std::ranges::copy_if(band.scales, std::back_inserter(sorted), [](float s) { return std::isfinite(s) && s > 0; });
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

double ScaleBand::wholeLayerScale() const
{
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
                         const std::vector<std::shared_ptr<const LayerReport>> &layers)
{
    double total = 0;
    for (qint64 count : channels)
        total += static_cast<double>(std::max<qint64>(count, 1));
    const auto bandCount = static_cast<double>(std::max<std::size_t>(channels.size(), 1));
    const double smallest = total * std::min(kSmallestShare, kSharesTogether / bandCount);

    m_bands.resize(channels.size());
    double x = 0;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        ScaleBand &band = m_bands[i];
        const double width = std::max(static_cast<double>(channels[i]), smallest);
        band.x = {x, x + width};
        x += width;
        auto layer = i < layers.size() ? layers[i] : nullptr;
        const auto quantizationOf = [](const auto &report) { return report ? report->quantization : nullptr; };
        const bool isKnown = quantizationOf(layer) == quantizationOf(band.layer) && band.channels == channels[i];
        band.layer = std::move(layer);
        if (isKnown)
            continue; // the same scales as before: nothing to work out again
        band.channels = channels[i];
        fillScales(band);
    }
    m_width = std::max(x, 1.0);
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

AxisRange ScaleLayout::scaleRange() const
{
    AxisRange range{std::numeric_limits<double>::infinity(), 0};
    const auto include = [&range](double scale) {
        if (!std::isfinite(scale) || scale <= 0)
            return;
        range.lower = std::min(range.lower, scale);
        range.upper = std::max(range.upper, scale);
    };
    for (const ScaleBand &band : m_bands) {
        include(static_cast<double>(band.quartiles[0]));
        include(static_cast<double>(band.quartiles[4]));
        include(band.wholeLayerScale());
        for (float scale : band.lowest)
            include(static_cast<double>(scale));
        for (float scale : band.highest)
            include(static_cast<double>(scale));
    }
    return range.upper > 0 ? range : AxisRange{0, 0};
}

} // namespace qs::ui
