// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/report_total.h"

#include "core/analysis/shown_error.h"

namespace qs {
namespace {

/// Sums of one layer for the total over all of them. The signal is that of the statistics, whether the layer is
/// quantized or not, so that excluding it changes nothing but its error.
ErrorSums sumsOf(const LayerReport &layer)
{
    ErrorSums sums;
    if (layer.decision.quantize)
        sums = layer.quantization->sums;
    const WeightStatistics *statistics = layer.statistics.get();
    if (statistics == nullptr || !statistics->finite())
        return sums;
    sums.signalEnergy = statistics->signalEnergy;
    sums.count = statistics->count;
    if (!layer.decision.quantize)
        sums.angle = AngleSums::fromErrors(statistics->signalEnergy, 0, 0);
    return sums;
}

} // namespace

ReportTotal totalOf(const Report &report, const Model &model)
{
    ReportTotal total;
    total.layers = report.layers.size();
    std::uint64_t layerBytes = 0;
    std::uint64_t quantizedAfter = 0;
    std::uint64_t quantizedWeights = 0;
    // In the order of the layers, whatever the order in which they were analysed: sums depend on it.
    ErrorSums sums;
    ErrorSums all;
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const LayerReport &layer = *report.layers[i];
        total.bytesBefore += layer.bytesBefore;
        total.bytesAfter += layer.bytesAfter;
        layerBytes += model.tensorOf(model.layers[i]).byteSize;
        if (const auto &stored = model.layers[i].stored) {
            for (const std::size_t part : stored->parts())
                layerBytes += model.tensors[part].byteSize;
        }
        all.add(sumsOf(layer));
        if (!layer.decision.quantize)
            continue;
        ++total.quantized;
        sums.add(layer.quantization->sums);
        quantizedAfter += layer.bytesAfter;
        quantizedWeights += layer.matrix.channels * layer.matrix.weights;
    }
    total.worstLayer = worstLayer(report);
    total.kept = total.layers - total.quantized;
    total.bytesBefore += model.bytes() - layerBytes;
    total.bytesAfter += model.bytes() - layerBytes;
    if (total.quantized > 0) {
        total.quantizedMetrics = metricsFrom(sums);
        total.metrics = metricsFrom(all);
        total.metrics.zeroShare = total.quantizedMetrics.zeroShare;
        total.metrics.clippedShare = total.quantizedMetrics.clippedShare;
    }
    if (quantizedWeights > 0)
        total.bitsPerWeight = 8.0 * static_cast<double>(quantizedAfter) / static_cast<double>(quantizedWeights);
    return total;
}

} // namespace qs
