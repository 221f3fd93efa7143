// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/layer_report.h"

#include "core/scheme/convention.h"

#include <cmath>
#include <fmt/format.h>

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
    if (quantization.lostWeights == 1)
        notes.push_back(Text::of("1 weight is too small for float32 and lost: it counts as 0"));
    else if (quantization.lostWeights > 1)
        notes.push_back(
            Text::of("{} weights are too small for float32 and lost: they count as 0", quantization.lostWeights));
    if (!quantization.valuesFinite)
        notes.push_back(Text::of("a dequantized value overflows float32, so there are no error metrics"));
    return notes;
}

/// What could not be chosen by what the layer is fed.
Text inputsNote(const Decision &decision, const MatrixShape &shape)
{
    const Scheme &scheme = decision.scheme;
    if (!scheme.needsInputs())
        return {};
    if (!decision.moments || !decision.moments->fits(shape))
        return Text::of("what the layer is fed is not known: its range is min–max, its codes are the nearest ones");
    if (scheme.compensates() && !decision.moments->full)
        return Text::of("only the diagonal of its inputs' second moments is known: its codes are the nearest ones");
    return {};
}

/// Scales of codes in the file that a tool would hardly write.
std::vector<Text> storedNotes(const LayerQuantization &stored)
{
    std::vector<Text> notes;
    if (stored.zeroScales == 1)
        notes.push_back(Text::of("1 stored scale is 0"));
    else if (stored.zeroScales > 1)
        notes.push_back(Text::of("{} stored scales are 0", stored.zeroScales));
    const bool usual = !stored.scheme.convention.empty() && formulaOf(stored.scheme).signedScales;
    if (stored.negativeScales == 1 && !usual)
        notes.push_back(Text::of("1 stored scale is negative"));
    else if (stored.negativeScales > 1 && !usual)
        notes.push_back(Text::of("{} stored scales are negative", stored.negativeScales));
    return notes;
}

/// A matrix of a stack that loses far more than the stack as a whole; empty when there is none.
Text worstMatrixNote(const LayerQuantization &quantization, const Metrics &metrics)
{
    constexpr double kFar = 1.5;
    std::size_t worst = 0;
    const std::vector<double> &errors = quantization.matrixErrors;
    for (std::size_t i = 1; i < errors.size(); ++i)
        if (!(errors[i] <= errors[worst]) && !std::isnan(errors[i]))
            worst = i;
    if (errors.empty() || !metrics.relativeError || !(errors[worst] > kFar * *metrics.relativeError))
        return {};
    return Text::of("matrix {} of its {} has a relative error of {} %", worst, errors.size(),
                    fmt::format("{:.3g}", 100 * errors[worst]));
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
        if (Text note = inputsNote(report.decision, report.matrix); !note.empty())
            report.notes.push_back(std::move(note));
        if (Text note = worstMatrixNote(*outcome.quantization, report.metrics); !note.empty())
            report.notes.push_back(std::move(note));
    }
    if (layer.stored && outcome.quantization)
        report.notes = storedNotes(*outcome.quantization);
    report.quantization = outcome.quantization;
    return report;
}

} // namespace qs
