// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/layer_report.h"

#include "core/scheme/convention.h"

#include <fmt/format.h>

namespace qs {
namespace {

std::vector<std::string> notesOf(const LayerQuantization &quantization)
{
    std::vector<std::string> notes;
    if (quantization.raisedScales > 0)
        notes.push_back(fmt::format("{} scale{} {}", quantization.raisedScales,
                                    quantization.raisedScales == 1 ? " was" : "s were",
                                    formulaOf(quantization.scheme).raised));
    if (quantization.underflownScales > 0)
        notes.push_back(fmt::format("{} scale{} in {}", quantization.underflownScales,
                                    quantization.underflownScales == 1 ? " underflows" : "s underflow",
                                    textOf(quantization.scheme.scaleType)));
    if (!quantization.valuesFinite)
        notes.emplace_back("a dequantized value overflows float32, so there are no error metrics");
    return notes;
}

} // namespace

LayerReport layerReport(const Model &model, const Layer &layer, const LayerOutcome &outcome)
{
    const TensorInfo &tensor = model.tensorOf(layer);
    LayerReport report;
    report.name = layer.name;
    report.module = layer.module;
    report.op = layer.op;
    report.shape = tensor.shape;
    report.dtype = tensor.dtype;
    report.typeName = tensor.typeName();
    report.matrix = matrixShape(tensor, outcome.decision.channelAxis);
    report.alreadyQuantized = layer.stored != nullptr;
    report.canQuantize = outcome.canQuantize;
    report.decision = outcome.decision;
    report.statistics = outcome.statistics;
    report.bytesBefore = floatBytes(model, layer);
    report.bytesAfter = outcome.decision.quantize || report.alreadyQuantized
                            ? quantizedBytes(report.matrix, outcome.decision.scheme)
                            : tensor.byteSize;
    if (tensor.encoding) {
        report.bytesAfter = tensor.byteSize;
        for (const std::size_t part : layer.stored ? layer.stored->parts() : std::vector<std::size_t>())
            report.bytesAfter += model.tensors[part].byteSize;
    }
    if (outcome.decision.quantize) {
        report.metrics = layerMetrics(*outcome.quantization, *outcome.statistics);
        report.notes = notesOf(*outcome.quantization);
    }
    report.quantization = outcome.quantization;
    return report;
}

} // namespace qs
