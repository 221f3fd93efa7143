// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/layer_report.h"

#include "core/scheme/convention.h"

namespace qs {
namespace {

std::vector<Text> notesOf(const LayerQuantization &quantization)
{
    std::vector<Text> notes;
    const Text replacement = Text::of(formulaOf(quantization.scheme).raised);
    if (quantization.raisedScales == 1)
        notes.push_back(Text::of("1 scale was {}", replacement));
    else if (quantization.raisedScales > 1)
        notes.push_back(Text::of("{} scales were {}", quantization.raisedScales, replacement));
    const std::string_view type = textOf(quantization.scheme.scaleType);
    if (quantization.underflownScales == 1)
        notes.push_back(Text::of("1 scale underflows in {}", type));
    else if (quantization.underflownScales > 1)
        notes.push_back(Text::of("{} scales underflow in {}", quantization.underflownScales, type));
    if (!quantization.valuesFinite)
        notes.push_back(Text::of("a dequantized value overflows float32, so there are no error metrics"));
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
