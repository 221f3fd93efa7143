// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/taught_weights.h"

#include "core/analysis/layer_analysis.h"
#include "core/quant/stored.h"

#include <algorithm>

namespace qs {

namespace {

/// The scale of some weights of a channel, as the scheme has it or without zero in the range.
ScaleAndZeroPoint scaleFor(const LayerQuantization &known, const Quantizer &quantizer, const Teaching &teaching,
                           std::uint64_t entry, std::span<const float> weights)
{
    if (!teaching.zeroOutsideRange || !quantizer.scheme().hasZeroPoints())
        return storedScale(known, entry);
    if (quantizer.scheme().granularity.kind == Granularity::Kind::Tensor)
        return scaleWithoutZero({std::ranges::min(known.channelMin), std::ranges::max(known.channelMax), false},
                                quantizer);
    const auto [low, high] = std::ranges::minmax(weights);
    return scaleWithoutZero({low, high, false}, quantizer);
}

} // namespace

Result<ValuePtr> taughtWeights(const Model &model, std::size_t layer, const Decision &decision,
                               const Teaching &teaching, AnalysisCache &cache, const TaskContext &context)
{
    const Layer &what = model.layers[layer];
    QS_ASSIGN(const LayerOutcome outcome,
              analyseLayer(model, layer, decision, false, Keep::Everything, cache, context));
    if (what.stored || !outcome.decision.quantize || !outcome.quantization)
        return layerWeights(model, layer, decision, true, cache, context);
    const TensorInfo &tensor = model.tensorOf(what);
    const LayerQuantization &known = *outcome.quantization;
    const Quantizer quantizer(decision.scheme, tensor.dtype);
    const ScaleGeometry geometry{decision.scheme.granularity, known.shape};
    const LayerValues source(model, what, decision.channelAxis, nullptr);
    QS_ASSIGN(const auto values,
              Value::make(ElementKind::Float, Shape(tensor.shape.begin(), tensor.shape.end()), cache.budget()));
    std::vector<float> row;
    for (std::uint64_t channel = 0; channel < known.shape.channels; ++channel) {
        QS_CHECK(context.check());
        const BlockRange range{channel, 1, 0, known.shape.weights};
        QS_CHECK(source.read(range, row));
        for (std::uint64_t first = 0; first < row.size(); first += geometry.groupSize()) {
            const std::span<float> unit =
                std::span(row).subspan(first, std::min<std::uint64_t>(geometry.groupSize(), row.size() - first));
            quantizeWith(teaching, unit, scaleFor(known, quantizer, teaching, geometry.entryOf(channel, first), unit),
                         quantizer);
        }
        forEachRun(source.blocks().axis(), range, [&](std::uint64_t to, std::uint64_t from, std::uint64_t length) {
            std::copy_n(row.data() + from, length, values->floats().data() + to);
        });
    }
    return values;
}

} // namespace qs
