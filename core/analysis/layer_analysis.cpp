// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/layer_analysis.h"

#include "core/base/text.h"
#include "core/quant/stored.h"

#include <algorithm>

namespace qs {

namespace {

/// "contains 3 NaN, first at [0, 17]".
Text nonFiniteReason(const WeightStatistics &statistics)
{
    const Text infinite =
        statistics.infCount == 1 ? Text::of("1 infinite value") : Text::of("{} infinite values", statistics.infCount);
    const std::string first = shapeText(statistics.firstNonFinite);
    if (statistics.nanCount == 0)
        return Text::of("contains {}, first at {}", infinite, first);
    if (statistics.infCount == 0)
        return Text::of("contains {} NaN, first at {}", statistics.nanCount, first);
    return Text::of("contains {} NaN and {}, first at {}", statistics.nanCount, infinite, first);
}

void keepInFloat(LayerOutcome &outcome, Text reason)
{
    outcome.decision.quantize = false;
    outcome.decision.by = DecidedBy::Data;
    outcome.decision.reason = std::move(reason);
    outcome.canQuantize = false;
}

Result<AnalysisCache::Statistics> cachedStatistics(const Model &model, const Layer &layer, AnalysisCache &cache,
                                                   const TaskContext &context)
{
    if (auto found = cache.statistics(layer))
        return found;
    QS_ASSIGN(WeightStatistics statistics, weightStatistics(model, layer, context));
    return cache.keepStatistics(layer, std::move(statistics));
}

QuantizeRequest requestOf(const Model &model, const Layer &layer, const Decision &decision, Keep keep)
{
    return {.model = model,
            .layer = layer,
            .channelAxis = decision.channelAxis,
            .scheme = decision.scheme,
            .keep = keep,
            .valuesAs = decision.valuesAs,
            .moments = decision.moments.get()};
}

Result<AnalysisCache::Quantization> cachedQuantization(const Model &model, const Layer &layer, const Decision &decision,
                                                       Keep keep, AnalysisCache &cache, const TaskContext &context)
{
    if (auto found = cache.quantization(layer, decision, keep))
        return found;
    LayerQuantization computed;
    if (layer.stored) {
        QS_ASSIGN(computed, storedQuantization(model, layer, context));
        dropVectors(computed, keep);
    } else {
        QS_ASSIGN(QuantizeResult result, quantizeLayer(requestOf(model, layer, decision, keep), context));
        computed = std::move(result.quantization);
        cache.countQuantization();
    }
    return cache.keepQuantization(layer, decision, keep, std::move(computed));
}

/// Statistics of a layer that is going to be quantized. Where neither they nor the quantization are known, both are
/// found in the same pass over the weights, and `quantization` is filled in when they are finite.
Result<AnalysisCache::Statistics> statisticsWithQuantization(const Model &model, const Layer &layer,
                                                             const Decision &decision, Keep keep, AnalysisCache &cache,
                                                             const TaskContext &context,
                                                             AnalysisCache::Quantization &quantization)
{
    if (cache.statistics(layer) || cache.quantization(layer, decision, keep))
        return cachedStatistics(model, layer, cache, context);
    QuantizeRequest request = requestOf(model, layer, decision, keep);
    // Where errors are not measured, nothing but the moments tells the signal.
    request.statistics = true;
    request.kurtosis = cache.wantsKurtosis() || keep == Keep::Scales;
    QS_ASSIGN(QuantizeResult result, quantizeLayer(request, context));
    WeightStatistics statistics = std::move(result.statistics).value();
    if (statistics.finite()) {
        cache.countQuantization();
        quantization = cache.keepQuantization(layer, decision, keep, std::move(result.quantization));
    }
    return cache.keepStatistics(layer, std::move(statistics));
}

/// A value of the tensor's shape, not filled in.
Result<std::shared_ptr<Value>> valueFor(const TensorInfo &tensor, AnalysisCache &cache)
{
    return Value::make(ElementKind::Float, Shape(tensor.shape.begin(), tensor.shape.end()), cache.budget());
}

/// Float values; `stored` for layers that hold codes.
Result<ValuePtr> plainWeights(const Model &model, const Layer &layer, const LayerQuantization *stored,
                              AnalysisCache &cache, const TaskContext &context)
{
    const LayerValues source(model, layer, layer.channelAxis, stored);
    QS_ASSIGN(const auto values, valueFor(model.tensorOf(layer), cache));
    std::vector<float> block;
    const BlockLayout layout = source.blocks().layout();
    for (std::uint64_t i = 0; i < layout.count(); ++i) {
        QS_CHECK(context.check());
        QS_CHECK(source.read(layout.block(i), block));
        forEachRun(source.blocks().axis(), layout.block(i),
                   [&](std::uint64_t from, std::uint64_t target, std::uint64_t length) {
                       std::copy_n(block.data() + target, length, values->floats().data() + from);
                   });
    }
    return values;
}

Result<ValuePtr> quantizedWeights(const Model &model, const Layer &layer, const Decision &decision,
                                  AnalysisCache &cache, const TaskContext &context)
{
    const AxisLayout axis = AxisLayout::of(model.tensorOf(layer), decision.channelAxis);
    QS_ASSIGN(const auto values, valueFor(model.tensorOf(layer), cache));
    QuantizeRequest request = requestOf(model, layer, decision, Keep::Scales);
    request.sink = [&](const CodeBlock &block) -> Result<void> {
        forEachRun(axis, {block.channel, block.channels, block.weight, block.weights},
                   [&](std::uint64_t source, std::uint64_t target, std::uint64_t length) {
                       std::copy_n(block.values + target, length, values->floats().data() + source);
                   });
        return {};
    };
    QS_CHECK(quantizeLayer(request, context));
    cache.countQuantization();
    return values;
}

/// A layer that nothing can be done about: its values are codes already, or of a kind that is not quantized.
Result<void> analyseKept(const Model &model, const Layer &layer, Keep keep, AnalysisCache &cache,
                         const TaskContext &context, LayerOutcome &outcome)
{
    outcome.canQuantize = false;
    Decision &decision = outcome.decision;
    if (layer.keptReason.empty() && layer.hasCodes()) {
        QS_ASSIGN(outcome.quantization, cachedQuantization(model, layer, decision, keep, cache, context));
        if (outcome.quantization->scalesFinite)
            return {};
        outcome.quantization.reset();
        decision.by = DecidedBy::Data;
        decision.reason = Text::of("{}, but a stored scale is not finite", decision.reason);
        return {};
    }
    if (!withoutValues(model, layer).empty())
        return {};
    QS_ASSIGN(outcome.statistics, cachedStatistics(model, layer, cache, context));
    if (!outcome.statistics->finite()) {
        decision.by = DecidedBy::Data;
        decision.reason = Text::of("{}, but {}", decision.reason, nonFiniteReason(*outcome.statistics));
    }
    return {};
}

} // namespace

Result<LayerOutcome> analyseLayer(const Model &model, std::size_t layer, const Decision &decision, bool preview,
                                  Keep keep, AnalysisCache &cache, const TaskContext &context)
{
    LayerOutcome outcome;
    outcome.decision = decision;
    const Layer &what = model.layers[layer];
    if (model.tensorOf(what).elements() == 0) {
        keepInFloat(outcome, Text::of("is empty"));
        return outcome;
    }
    if (!what.keptReason.empty() || what.stored) {
        QS_CHECK(analyseKept(model, what, keep, cache, context, outcome));
        return outcome;
    }
    const bool wanted = decision.quantize || preview;
    std::shared_ptr<const LayerQuantization> quantization;
    Text problem = schemeProblem(model.tensorOf(what), decision.channelAxis, decision.scheme);
    if (decision.quantize && hasTooManyScales(model.tensorOf(what), decision.channelAxis, decision.scheme)) {
        keepInFloat(outcome, std::move(problem)); // without the pass that would tell no more than that
        return outcome;
    }
    if (wanted && problem.empty()) {
        QS_ASSIGN(outcome.statistics,
                  statisticsWithQuantization(model, what, decision, keep, cache, context, quantization));
    } else {
        QS_ASSIGN(outcome.statistics, cachedStatistics(model, what, cache, context));
    }
    if (!outcome.statistics->finite()) {
        keepInFloat(outcome, nonFiniteReason(*outcome.statistics));
        return outcome;
    }
    if (!wanted)
        return outcome;
    if (!problem.empty()) {
        if (decision.quantize) {
            keepInFloat(outcome, std::move(problem));
        }
        return outcome;
    }
    if (!quantization) {
        QS_ASSIGN(quantization, cachedQuantization(model, what, decision, keep, cache, context));
    }
    if (!quantization->scalesFinite && !decision.quantize)
        return outcome; // excluded anyway: nothing to show
    if (!quantization->scalesFinite) {
        keepInFloat(outcome, Text::of("has a scale that is not finite in {}", textOf(decision.scheme.scaleType)));
        return outcome;
    }
    outcome.quantization = std::move(quantization);
    return outcome;
}

Result<ValuePtr> layerWeights(const Model &model, std::size_t layer, const Decision &decision, bool quantized,
                              AnalysisCache &cache, const TaskContext &context)
{
    const Layer &what = model.layers[layer];
    if (ValuePtr found = cache.weights(what, decision, quantized))
        return found;
    if (const Text reason = withoutValues(model, what); !reason.empty())
        return fail(ErrorCode::Usage, reason, Text::of("layer {}", inQuotes(what.name)));
    Result<ValuePtr> values;
    if (what.hasCodes()) {
        QS_ASSIGN(auto stored, cachedQuantization(model, what, decision, Keep::Everything, cache, context));
        values = plainWeights(model, what, stored.get(), cache, context);
    } else {
        values = quantized ? quantizedWeights(model, what, decision, cache, context)
                           : plainWeights(model, what, nullptr, cache, context);
    }
    if (values)
        cache.keepWeights(what, decision, quantized, *values);
    return values;
}

} // namespace qs
