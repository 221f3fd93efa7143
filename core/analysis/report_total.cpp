// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/report_total.h"

#include "core/analysis/shown_error.h"

namespace qs {
namespace {

Metrics totalMetrics(const ErrorSums &quantized, const ErrorSums &kept)
{
    ErrorSums all = quantized;
    all.add(kept);
    Metrics metrics = metricsFrom(all);
    const Metrics codes = metricsFrom(quantized);
    metrics.zeroShare = codes.zeroShare;
    metrics.clippedShare = codes.clippedShare;
    return metrics;
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
    ErrorSums kept;
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const LayerReport &layer = *report.layers[i];
        total.bytesBefore += layer.bytesBefore;
        total.bytesAfter += layer.bytesAfter;
        layerBytes += model.tensorOf(model.layers[i]).byteSize;
        if (const auto &stored = model.layers[i].stored) {
            for (const std::size_t part : stored->parts())
                layerBytes += model.tensors[part].byteSize;
        }
        if (!layer.decision.quantize) {
            if (layer.statistics && layer.statistics->finite()) {
                kept.signalEnergy += layer.statistics->signalEnergy;
                kept.count += layer.statistics->count;
            }
            continue;
        }
        ++total.quantized;
        sums.add(layer.quantization->sums);
        quantizedAfter += layer.bytesAfter;
        quantizedWeights += layer.matrix.channels * layer.matrix.weights;
    }
    total.worstLayer = worstLayer(report);
    total.kept = total.layers - total.quantized;
    total.bytesBefore += model.bytes() - layerBytes;
    total.bytesAfter += model.bytes() - layerBytes;
    if (total.quantized > 0)
        total.metrics = totalMetrics(sums, kept);
    if (quantizedWeights > 0)
        total.bitsPerWeight = 8.0 * static_cast<double>(quantizedAfter) / static_cast<double>(quantizedWeights);
    return total;
}

} // namespace qs
