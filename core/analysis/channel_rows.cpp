// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/channel_rows.h"

#include "core/quant/stored.h"

#include <algorithm>
#include <cmath>

namespace qs {

namespace {

float scaleOf(const LayerQuantization &quantization, const ScaleGeometry &geometry, std::uint64_t channel)
{
    const std::uint64_t first = geometry.firstOf(channel);
    const std::uint64_t last = geometry.entryOf(channel, quantization.shape.weights - 1);
    std::vector<float> scales;
    for (std::uint64_t i = first; i <= last; ++i)
        scales.push_back(std::abs(quantization.scales[i]));
    const auto middle = scales.begin() + static_cast<std::ptrdiff_t>((scales.size() - 1) / 2);
    std::ranges::nth_element(scales, middle);
    return *middle;
}

} // namespace

std::vector<ChannelRow> channelRows(const LayerQuantization &quantization)
{
    const ScaleGeometry geometry{quantization.scheme.granularity, quantization.shape};
    std::vector<ChannelRow> rows;
    if (quantization.scales.size() != geometry.count() || quantization.shape.weights == 0)
        return rows;
    for (std::uint64_t channel = 0; channel < quantization.channelMin.size(); ++channel) {
        ChannelRow row;
        row.min = quantization.channelMin[channel];
        row.max = quantization.channelMax[channel];
        const CodeLimits limits = codeLimits(quantization, channel);
        row.clipLow = limits.low;
        row.clipHigh = limits.high;
        row.scale = scaleOf(quantization, geometry, channel);
        if (channel < quantization.channelRmsePerScale.size())
            row.rmsSteps = quantization.channelRmsePerScale[channel];
        row.dead = row.min == 0 && row.max == 0;
        const double halfStep = static_cast<double>(row.scale) / 2;
        row.clipped = static_cast<double>(row.min) < row.clipLow - halfStep ||
                      static_cast<double>(row.max) > row.clipHigh + halfStep;
        rows.push_back(row);
    }
    return rows;
}

} // namespace qs
