// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/channel_rows.h"

#include "core/analysis/weight_map.h"
#include "core/quant/stored.h"

#include <algorithm>
#include <cmath>
#include <span>

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

bool isClipped(const ChannelRow &row)
{
    const double halfStep = static_cast<double>(row.scale) / 2;
    return static_cast<double>(row.min) < row.clipLow - halfStep ||
           static_cast<double>(row.max) > row.clipHigh + halfStep;
}

/// What the codes of one entry of the scales stand for.
CodeLimits limitsOf(const LayerQuantization &quantization, std::uint64_t entry)
{
    LayerQuantization one;
    one.scheme = quantization.scheme;
    one.scheme.granularity = {.kind = Granularity::Kind::Tensor};
    one.shape = {1, 1};
    one.scales = {quantization.scales[entry]};
    if (!quantization.zeroPoints.empty())
        one.zeroPoints = {quantization.zeroPoints[entry]};
    if (!quantization.offsets.empty())
        one.offsets = {quantization.offsets[entry]};
    return codeLimits(one, std::nullopt);
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
        row.clipped = isClipped(row);
        rows.push_back(row);
    }
    return rows;
}

Result<std::vector<ChannelRow>> groupRows(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                                          std::uint64_t channel, const TaskContext &context)
{
    const ScaleGeometry geometry{quantization.scheme.granularity, quantization.shape};
    const std::uint64_t weights = quantization.shape.weights;
    if (channel >= quantization.shape.channels || weights == 0 || quantization.scales.size() != geometry.count())
        return fail(ErrorCode::Usage, Text::of("layer '{}' has no channel {} with scales", layer.name, channel));
    WeightMapRequest request{.part = {channel, 1, 0, weights}, .mostRows = 1, .mostColumns = weights};
    QS_ASSIGN(const WeightMap values, weightMap(model, layer, quantization, request, context));
    request.view = WeightView::Difference;
    QS_ASSIGN(const WeightMap steps, weightMap(model, layer, quantization, request, context));
    std::vector<ChannelRow> rows;
    for (std::uint64_t first = 0; first < weights; first += geometry.groupSize()) {
        const auto count = static_cast<std::size_t>(std::min(geometry.groupSize(), weights - first));
        const auto of = [&](const WeightMap &map) {
            return std::span(map.cells).subspan(static_cast<std::size_t>(first), count);
        };
        const std::uint64_t entry = geometry.entryOf(channel, first);
        const auto [low, high] = std::ranges::minmax(of(values));
        const CodeLimits limits = limitsOf(quantization, entry);
        double squares = 0;
        for (const float step : of(steps))
            squares += static_cast<double>(step) * static_cast<double>(step);
        ChannelRow row{.min = low, .max = high, .clipLow = limits.low, .clipHigh = limits.high};
        row.scale = std::abs(quantization.scales[entry]);
        if (!layer.hasCodes())
            row.rmsSteps = static_cast<float>(std::sqrt(squares / static_cast<double>(count)));
        row.dead = low == 0 && high == 0;
        row.clipped = isClipped(row);
        rows.push_back(row);
    }
    return rows;
}

} // namespace qs
