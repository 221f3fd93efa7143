// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where the scale plot puts layers and channels, and the scales it draws there. No drawing.
#pragma once

#include "core/analysis/report.h"
#include "ui/plots/plot_mark.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace qs::ui {

/// What stands for each channel: its step size, or the code that means 0 (its offset, for conventions that have those).
enum class ScaleQuantity { Step, ZeroPoint };

/// One layer's band and its scales, kept as long as the layer's result is the same.
struct ScaleBand {
    std::shared_ptr<const LayerReport> layer; ///< null while pending
    AxisRange x;
    ScaleQuantity quantity = ScaleQuantity::Step; ///< of the numbers that are called scales here
    qint64 channels = 0;
    std::vector<float> scales; ///< of each channel; the median when a channel has several
    std::vector<float> lowest; ///< of each channel's groups; empty when a channel has one scale
    std::vector<float> highest;
    std::vector<std::size_t> dead; ///< channels whose weights are all 0: their scale means nothing; ascending
    float quartiles[5] = {};       ///< smallest, lower quartile, median, upper quartile, largest, without dead ones

    /// False: there is nothing to draw but a word.
    bool hasScales() const { return !scales.empty(); }
    /// Quantized here, or in the file already.
    bool isQuantized() const { return layer && (layer->decision.quantize || layer->alreadyQuantized); }
    bool hasGroups() const { return !lowest.empty(); }
    bool hasOneScale() const;
    bool isDead(qint64 channel) const;
    double wholeLayerScale() const;
    double xOf(qint64 channel) const;
    /// The channel drawn nearest to x.
    qint64 channelAt(double xCoordinate) const;
};

/// All bands from left to right.
class ScaleLayout
{
public:
    /// `channels` of each layer; `layers` as in Report::layers, possibly shorter.
    void update(const std::vector<qint64> &channels, const std::vector<std::shared_ptr<const LayerReport>> &layers,
                ScaleQuantity quantity = ScaleQuantity::Step);

    const std::vector<ScaleBand> &bands() const { return m_bands; }
    double width() const { return m_width; }
    /// Index of the band at x, or −1.
    int bandAt(double x) const;
    /// Channels of all bands that a range of x shows, for choosing between dots and boxes.
    qint64 channelsIn(AxisRange range) const;
    /// Smallest and largest positive scale, without those of dead channels and without the few that lie more than a
    /// decade outside of 98 % of all; {0, 0} when there is none.
    const AxisRange &scaleRange() const { return m_range; }
    /// Where zero points can lie: all codes, or the offsets of the layers that have those.
    AxisRange zeroPointRange() const;

private:
    AxisRange usualRange() const;

    std::vector<ScaleBand> m_bands;
    AxisRange m_range{0, 0};
    double m_width = 1;
};

} // namespace qs::ui
