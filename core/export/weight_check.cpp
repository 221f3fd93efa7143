// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/weight_check.h"

#include "core/analysis/layer_analysis.h"
#include "core/export/remedies.h"

#include <algorithm>
#include <cmath>

namespace qs {

namespace {

/// Whether the layer's scales are finite for sure: no channel has a larger range than the layer.
bool scalesSurelyFinite(const WeightStatistics &statistics, const Scheme &scheme, DType source)
{
    const WeightRange range{static_cast<float>(statistics.min), static_cast<float>(statistics.max), false};
    // Offsets lie in the range of the weights, or not far outside.
    const float reach = 4 * std::max(-range.min, range.max);
    return Quantizer(scheme, source).scaleFor(range).finite() &&
           (!scheme.hasOffsets() || std::isfinite(roundToScaleType(reach, scheme.scaleType)));
}

Keep keepOf(const ExportOptions &options)
{
    return options.keepChannels ? Keep::Everything : Keep::Summary;
}

/// Codes that mean no numbers are no better than weights that are none.
Result<WeightCheck> checkStored(const ExportFormat &format, const Model &model, std::size_t index, Decision decision,
                                const ExportOptions &options, AnalysisCache &cache, const TaskContext &context)
{
    WeightCheck check{std::move(decision)};
    const Layer &layer = model.layers[index];
    const bool asked = check.decision.by == DecidedBy::File || format.decodes;
    if (!layer.stored || options.keepNonFinite || !asked)
        return check;
    QS_ASSIGN(const LayerOutcome outcome,
              analyseLayer(model, index, check.decision, false, keepOf(options), cache, context));
    if (outcome.decision.by == DecidedBy::Data && model.tensorOf(layer).elements() > 0)
        check.refusals.push_back({Text::of("layer '{}' is {}", layer.name, outcome.decision.reason),
                                  Text::of("allow values that are no finite numbers")});
    return check;
}

} // namespace

Result<WeightCheck> checkWeights(const ExportFormat &format, const Model &model, std::size_t index, Decision decision,
                                 const ExportOptions &options, AnalysisCache &cache, const TaskContext &context)
{
    if (!decision.quantize)
        return checkStored(format, model, index, std::move(decision), options, cache, context);
    // Where statistics are known, the layer is quantized only if they leave a doubt; else both are found in one look at
    // the weights, for the report that goes with the plan.
    const Layer &layer = model.layers[index];
    Decision asking = decision;
    asking.quantize = !cache.statistics(layer);
    QS_ASSIGN(LayerOutcome outcome, analyseLayer(model, index, asking, false, keepOf(options), cache, context));
    const TensorInfo &tensor = model.tensorOf(layer);
    const bool fits = schemeProblem(tensor, decision.channelAxis, decision.scheme).empty();
    if (outcome.canQuantize && outcome.statistics &&
        (!fits || !scalesSurelyFinite(*outcome.statistics, decision.scheme, tensor.dtype))) {
        QS_ASSIGN(outcome, analyseLayer(model, index, decision, false, keepOf(options), cache, context));
    }
    WeightCheck check{std::move(decision)};
    if (outcome.canQuantize)
        return check;
    check.decision = outcome.decision;
    check.decision.quantize = false;
    const bool odd = outcome.statistics != nullptr && fits;
    if (odd && !options.keepNonFinite)
        check.refusals.push_back(helpedByKeeping(Text::of("layer '{}' {}", layer.name, check.decision.reason), index));
    return check;
}

} // namespace qs
