// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers that explanations put into formulas, by name.
#include "core/analysis/shown_error.h"
#include "core/lessons/explanation.h"
#include "core/scheme/scale_table.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace qs {
namespace {

using Number = std::optional<double>;

constexpr double kClose = 1e-3; ///< scales that a type of 16 bits has rounded are still those of their range

template <class T> Number numberOf(T value)
{
    return static_cast<double>(value);
}

const LayerReport *layerOf(const ExplainedPlace &place)
{
    return place.layer && *place.layer < place.report.layers.size() ? place.report.layers[*place.layer].get() : nullptr;
}

/// Only of layers that have scales.
const LayerQuantization *scalesOf(const ExplainedPlace &place)
{
    const LayerReport *layer = layerOf(place);
    return layer && layer->quantization ? layer->quantization.get() : nullptr;
}

const LayerQuantization *quantizedOf(const ExplainedPlace &place)
{
    const LayerReport *layer = layerOf(place);
    return layer && layer->decision.quantize ? layer->quantization.get() : nullptr;
}

Number steps(const LayerQuantization &quantization)
{
    return numberOf(quantization.scheme.codeMax() - quantization.scheme.codeMin());
}

/// Width of what the codes of one scale cover: that of the weights where it explains the scale, else that which follows
/// from the scale.
Number covered(const LayerQuantization &quantization, double scale, double low, double high)
{
    const double count = *steps(quantization);
    const double width = quantization.scheme.mode == Mode::Symmetric ? 2 * std::max(std::fabs(low), std::fabs(high))
                                                                     : std::max(high, 0.0) - std::min(low, 0.0);
    const bool explains = std::fabs(width / count - scale) <= kClose * scale;
    return explains ? width : scale * count;
}

struct Entry {
    std::size_t index = 0;
    std::uint64_t channel = 0;
    bool isWhole = false; ///< a whole channel
};

/// Where a scale of that magnitude stands.
std::optional<Entry> entryOf(const LayerQuantization &quantization, double scale)
{
    const auto found = std::ranges::find_if(
        quantization.scales, [scale](float one) { return std::fabs(static_cast<double>(one)) == scale; });
    if (found == quantization.scales.end())
        return std::nullopt;
    const auto index = static_cast<std::size_t>(found - quantization.scales.begin());
    const std::uint64_t groups = quantization.groupsPerChannel;
    return Entry{index, index / groups, groups == 1 && quantization.scales.size() == quantization.shape.channels};
}

Number rangeOf(const LayerQuantization *quantization, double scale)
{
    if (!quantization || !(scale > 0))
        return std::nullopt;
    const auto entry = entryOf(*quantization, scale);
    if (!entry || !entry->isWhole || entry->channel >= quantization->channelMin.size())
        return covered(*quantization, scale, 0, 0);
    return covered(*quantization, scale, static_cast<double>(quantization->channelMin[entry->channel]),
                   static_cast<double>(quantization->channelMax[entry->channel]));
}

Number rangeOfLayer(const ExplainedPlace &place)
{
    const LayerQuantization *quantization = scalesOf(place);
    const LayerReport *layer = layerOf(place);
    if (!quantization || !layer->statistics || !(quantization->wholeLayerScale > 0))
        return std::nullopt;
    return covered(*quantization, static_cast<double>(quantization->wholeLayerScale), layer->statistics->min,
                   layer->statistics->max);
}

template <class T> Number ofChannel(const std::vector<T> LayerQuantization::*values, const ExplainedPlace &place)
{
    const LayerQuantization *quantization = scalesOf(place);
    if (!quantization || !place.channel || *place.channel >= (quantization->*values).size())
        return std::nullopt;
    return numberOf((quantization->*values)[*place.channel]);
}

/// The one scale of the channel; nothing where groups have several.
std::optional<std::size_t> entryOfChannel(const ExplainedPlace &place)
{
    const LayerQuantization *quantization = scalesOf(place);
    if (!quantization || !place.channel || *place.channel >= quantization->shape.channels ||
        quantization->groupsPerChannel > 1)
        return std::nullopt;
    const std::size_t entry =
        ScaleGeometry{quantization->scheme.granularity, quantization->shape}.firstOf(*place.channel);
    return entry < quantization->scales.size() ? std::optional(entry) : std::nullopt;
}

Number scaleOfChannel(const ExplainedPlace &place)
{
    const auto entry = entryOfChannel(place);
    return entry ? numberOf(std::fabs(scalesOf(place)->scales[*entry])) : Number();
}

/// Low end and scale of the zero point of one entry, where they give it; see lowestZero().
struct ZeroPoint {
    double low = 0;
    double scale = 0;
    int code = 0;
};

std::optional<ZeroPoint> zeroPointAt(const ExplainedPlace &place, std::size_t entry)
{
    const LayerQuantization &quantization = *scalesOf(place);
    const LayerReport &layer = *layerOf(place);
    const bool isChannel = quantization.groupsPerChannel == 1 && entry < quantization.channelMin.size() &&
                           quantization.scales.size() == quantization.shape.channels;
    if (entry >= quantization.zeroPoints.size() || (!isChannel && quantization.scales.size() > 1))
        return std::nullopt;
    if (!isChannel && !layer.statistics)
        return std::nullopt;
    const double low = isChannel ? static_cast<double>(quantization.channelMin[entry]) : layer.statistics->min;
    const ZeroPoint zero{std::min(low, 0.0), static_cast<double>(quantization.scales[entry]),
                         quantization.zeroPoints[entry]};
    const bool gives = std::nearbyint(quantization.scheme.codeMin() - zero.low / zero.scale) == zero.code;
    return gives ? std::optional(zero) : std::nullopt;
}

std::optional<ZeroPoint> lowestZero(const ExplainedPlace &place)
{
    const LayerQuantization *quantization = scalesOf(place);
    if (!quantization || quantization->zeroPoints.empty())
        return std::nullopt;
    const auto lowest = std::ranges::min_element(quantization->zeroPoints);
    return zeroPointAt(place, static_cast<std::size_t>(lowest - quantization->zeroPoints.begin()));
}

std::optional<ZeroPoint> zeroOfChannel(const ExplainedPlace &place)
{
    const auto entry = entryOfChannel(place);
    return entry ? zeroPointAt(place, *entry) : std::nullopt;
}

Number member(const std::optional<ZeroPoint> &zero, double ZeroPoint::*part)
{
    return zero ? Number((*zero).*part) : Number();
}

/// A field of what is known of the layer.
template <class Get> Number ofLayer(const ExplainedPlace &place, Get get)
{
    const LayerReport *layer = layerOf(place);
    return layer ? Number(get(*layer)) : Number();
}

template <class Get> Number ofScales(const ExplainedPlace &place, Get get)
{
    const LayerQuantization *quantization = scalesOf(place);
    return quantization ? Number(get(*quantization)) : Number();
}

template <class Get> Number ofQuantized(const ExplainedPlace &place, Get get)
{
    const LayerQuantization *quantization = quantizedOf(place);
    return quantization ? Number(get(*quantization)) : Number();
}

double scaleBytes(const Scheme &scheme)
{
    return (scheme.scaleType == ScaleType::F32 ? 4.0 : 2.0) * (scheme.hasOffsets() ? 2 : 1);
}

Number codeBytes(const ExplainedPlace &place)
{
    return ofQuantized(place, [](const LayerQuantization &q) {
        return numberOf(q.shape.channels * ((q.shape.weights * static_cast<std::uint64_t>(q.scheme.bits) + 7) / 8));
    });
}

Number scaleCount(const ExplainedPlace &place)
{
    return ofScales(place, [](const LayerQuantization &q) {
        return numberOf(ScaleGeometry{q.scheme.granularity, q.shape}.count());
    });
}

/// What is left after codes and scales: packed zero points.
Number zeroPointBytes(const ExplainedPlace &place)
{
    const Number codes = codeBytes(place);
    if (!codes || !quantizedOf(place))
        return std::nullopt;
    const double rest = static_cast<double>(layerOf(place)->bytesAfter) - *codes -
                        *scaleCount(place) * scaleBytes(quantizedOf(place)->scheme);
    return rest >= 0 ? Number(rest) : Number();
}

/// A count out of the samples.
Number samplesOf(const ExplainedPlace &place, const Number &share)
{
    const auto samples = static_cast<double>(place.report.outputError.samples);
    return share && samples > 0 ? Number(std::round(*share * samples)) : Number();
}

/// Of the layer that loses most.
Number worstError(const ExplainedPlace &place)
{
    const auto worst = place.report.total.worstLayer;
    if (!worst || !place.report.layers[*worst])
        return std::nullopt;
    return place.report.outputError.kind == OutputErrorKind::Network
               ? shownError(place.report, *worst).value
               : place.report.layers[*worst]->metrics.relativeError;
}

Number errorOf(const Report *report, const ExplainedPlace &place)
{
    if (!report || !place.layer || *place.layer >= report->layers.size())
        return std::nullopt;
    // Both are compared by an error that both have.
    const ShownErrorKind own = shownErrorKind(place.report);
    const bool alike = place.other && shownErrorKind(*place.other) == own;
    return shownError(*report, *place.layer, !place.other || alike ? own : ShownErrorKind::Weights).value;
}

Number bitsPerWeightBefore(const LayerReport &layer)
{
    const auto weights = static_cast<double>(layer.matrix.channels * layer.matrix.weights);
    return weights > 0 ? Number(8 * static_cast<double>(layer.bytesBefore) / weights) : Number();
}

using Get = Number (*)(const ExplainedPlace &);
using Place = ExplainedPlace;
using Q = LayerQuantization;

struct NamedValue {
    std::string_view name;
    Get get;
};

constexpr NamedValue kOfLayers[] = {
    {"bits", [](const Place &p) { return ofScales(p, [](const Q &q) { return numberOf(q.scheme.bits); }); }},
    {"codes_full", [](const Place &p) { return ofScales(p, [](const Q &q) { return std::exp2(q.scheme.bits); }); }},
    {"code_min", [](const Place &p) { return ofScales(p, [](const Q &q) { return numberOf(q.scheme.codeMin()); }); }},
    {"code_max", [](const Place &p) { return ofScales(p, [](const Q &q) { return numberOf(q.scheme.codeMax()); }); }},
    {"steps", [](const Place &p) { return ofScales(p, [](const Q &q) { return *steps(q); }); }},
    {"channels",
     [](const Place &p) { return ofLayer(p, [](const LayerReport &l) { return numberOf(l.matrix.channels); }); }},
    {"weights",
     [](const Place &p) { return ofLayer(p, [](const LayerReport &l) { return numberOf(l.matrix.weights); }); }},
    {"parameters",
     [](const Place &p) {
         return ofLayer(p, [](const LayerReport &l) { return numberOf(l.matrix.channels * l.matrix.weights); });
     }},
    {"bits_before",
     [](const Place &p) {
         const LayerReport *l = layerOf(p);
         return l ? bitsPerWeightBefore(*l) : Number();
     }},
    {"bytes_before",
     [](const Place &p) { return ofLayer(p, [](const LayerReport &l) { return numberOf(l.bytesBefore); }); }},
    {"bytes_after",
     [](const Place &p) { return ofLayer(p, [](const LayerReport &l) { return numberOf(l.bytesAfter); }); }},
    {"code_bytes", codeBytes},
    {"scale_count", scaleCount},
    {"scale_bytes", [](const Place &p) { return ofScales(p, [](const Q &q) { return scaleBytes(q.scheme); }); }},
    {"zero_point_bytes", zeroPointBytes},
    {"scale_min", [](const Place &p) { return ofScales(p, [](const Q &q) { return numberOf(q.scaleMin); }); }},
    {"scale_median", [](const Place &p) { return ofScales(p, [](const Q &q) { return numberOf(q.scaleMedian); }); }},
    {"scale_max", [](const Place &p) { return ofScales(p, [](const Q &q) { return numberOf(q.scaleMax); }); }},
    {"scale_whole", [](const Place &p) { return ofScales(p, [](const Q &q) { return numberOf(q.wholeLayerScale); }); }},
    {"range_min",
     [](const Place &p) {
         const Q *q = scalesOf(p);
         return q ? rangeOf(q, numberOf(q->scaleMin).value()) : Number();
     }},
    {"range_median",
     [](const Place &p) {
         const Q *q = scalesOf(p);
         return q ? rangeOf(q, numberOf(q->scaleMedian).value()) : Number();
     }},
    {"range_max",
     [](const Place &p) {
         const Q *q = scalesOf(p);
         return q ? rangeOf(q, numberOf(q->scaleMax).value()) : Number();
     }},
    {"range_whole", rangeOfLayer},
    {"spread",
     [](const Place &p) {
         const Q *q = scalesOf(p);
         return q && q->scaleMin > 0 ? Number(static_cast<double>(q->scaleMax) / static_cast<double>(q->scaleMin))
                                     : Number();
     }},
    {"zero_low", [](const Place &p) { return member(lowestZero(p), &ZeroPoint::low); }},
    {"zero_scale", [](const Place &p) { return member(lowestZero(p), &ZeroPoint::scale); }},
    {"symmetric_zero",
     [](const Place &p) {
         const Q *q = scalesOf(p);
         return q && q->zeroPoints.empty() && q->offsets.empty() ? Number(0) : Number();
     }},
    {"zero_point",
     [](const Place &p) {
         const Q *q = scalesOf(p);
         if (!q || !q->offsets.empty())
             return Number();
         return q->zeroPoints.empty() ? Number(0) : numberOf(*std::ranges::min_element(q->zeroPoints));
     }},
    {"zeroed", [](const Place &p) { return ofQuantized(p, [](const Q &q) { return numberOf(q.sums.zeroCodes); }); }},
    {"not_zero", [](const Place &p) { return ofQuantized(p, [](const Q &q) { return numberOf(q.sums.nonZero); }); }},
    {"zero_share",
     [](const Place &p) {
         const LayerReport *l = layerOf(p);
         return l ? l->metrics.zeroShare : Number();
     }},
    {"clipped", [](const Place &p) { return ofQuantized(p, [](const Q &q) { return numberOf(q.sums.clipped); }); }},
    {"clipped_share",
     [](const Place &p) {
         const LayerReport *l = layerOf(p);
         return l ? l->metrics.clippedShare : Number();
     }},
    {"signal_energy", [](const Place &p) { return ofQuantized(p, [](const Q &q) { return q.sums.signalEnergy; }); }},
    {"error_energy", [](const Place &p) { return ofQuantized(p, [](const Q &q) { return q.sums.errorEnergy; }); }},
    {"weight_error",
     [](const Place &p) {
         const LayerReport *l = layerOf(p);
         return l ? l->metrics.relativeError : Number();
     }},
    {"sqnr_db",
     [](const Place &p) {
         const LayerReport *l = layerOf(p);
         return l ? l->metrics.sqnrDb : Number();
     }},
    {"alone",
     [](const Place &p) {
         const LayerReport *l = layerOf(p);
         return l ? l->outputError.alone : Number();
     }},
    {"up_to_here",
     [](const Place &p) {
         const LayerReport *l = layerOf(p);
         return l ? l->outputError.upToHere : Number();
     }},
    {"layer_output",
     [](const Place &p) {
         const LayerReport *l = layerOf(p);
         return l ? l->outputError.layerOutput : Number();
     }},
    {"shown_error", [](const Place &p) { return p.layer ? shownError(p.report, *p.layer).value : Number(); }},
    {"error_a", [](const Place &p) { return p.other ? errorOf(&p.report, p) : Number(); }},
    {"error_b", [](const Place &p) { return errorOf(p.other, p); }},
    {"ratio",
     [](const Place &p) {
         const Number a = p.other ? errorOf(&p.report, p) : Number();
         const Number b = errorOf(p.other, p);
         return a && b && *a > 0 ? Number(*b / *a) : Number();
     }},
};

constexpr NamedValue kOfChannels[] = {
    {"channel", [](const Place &p) { return p.channel ? numberOf(*p.channel) : Number(); }},
    {"channel_min", [](const Place &p) { return ofChannel(&Q::channelMin, p); }},
    {"channel_max", [](const Place &p) { return ofChannel(&Q::channelMax, p); }},
    {"channel_scale", scaleOfChannel},
    {"channel_range",
     [](const Place &p) {
         const Number scale = scaleOfChannel(p);
         return scale ? rangeOf(scalesOf(p), *scale) : Number();
     }},
    {"channel_zero_low", [](const Place &p) { return member(zeroOfChannel(p), &ZeroPoint::low); }},
    {"channel_zero_point",
     [](const Place &p) {
         const auto entry = entryOfChannel(p);
         if (!entry || !scalesOf(p)->offsets.empty())
             return Number();
         return scalesOf(p)->zeroPoints.empty() ? Number(0) : numberOf(scalesOf(p)->zeroPoints[*entry]);
     }},
    {"channel_steps_error",
     [](const Place &p) { return quantizedOf(p) ? ofChannel(&Q::channelRmsePerScale, p) : Number(); }},
    {"channel_rmse",
     [](const Place &p) {
         const Number scale = scaleOfChannel(p);
         const Number steps = quantizedOf(p) ? ofChannel(&Q::channelRmsePerScale, p) : Number();
         return scale && steps ? Number(*steps * *scale) : Number();
     }},
};

constexpr NamedValue kOfModels[] = {
    {"model_parameters", [](const Place &p) { return numberOf(p.model.parameters()); }},
    {"total_before", [](const Place &p) { return numberOf(p.report.total.bytesBefore); }},
    {"total_after", [](const Place &p) { return numberOf(p.report.total.bytesAfter); }},
    {"times_smaller",
     [](const Place &p) {
         const auto after = static_cast<double>(p.report.total.bytesAfter);
         return after > 0 ? Number(static_cast<double>(p.report.total.bytesBefore) / after) : Number();
     }},
    {"bits_per_weight", [](const Place &p) { return p.report.total.bitsPerWeight; }},
    {"total_weight_error", [](const Place &p) { return p.report.total.metrics.relativeError; }},
    {"total_sqnr", [](const Place &p) { return p.report.total.metrics.sqnrDb; }},
    {"output_error", [](const Place &p) { return p.report.outputError.relativeError; }},
    {"output_sqnr", [](const Place &p) { return p.report.outputError.sqnrDb; }},
    {"mean_error",
     [](const Place &p) {
         const auto &mean = p.report.outputError.meanAbsErrorX1000;
         return mean ? Number(*mean / 1000) : Number();
     }},
    {"mean_error_x1000", [](const Place &p) { return p.report.outputError.meanAbsErrorX1000; }},
    {"samples",
     [](const Place &p) {
         return p.report.outputError.samples > 0 ? numberOf(p.report.outputError.samples) : Number();
     }},
    {"accuracy_before", [](const Place &p) { return p.report.outputError.accuracyBefore; }},
    {"accuracy_after", [](const Place &p) { return p.report.outputError.accuracyAfter; }},
    {"right_before", [](const Place &p) { return samplesOf(p, p.report.outputError.accuracyBefore); }},
    {"right_after", [](const Place &p) { return samplesOf(p, p.report.outputError.accuracyAfter); }},
    {"agreement", [](const Place &p) { return p.report.outputError.top1Agreement; }},
    {"alike", [](const Place &p) { return samplesOf(p, p.report.outputError.top1Agreement); }},
    {"kl", [](const Place &p) { return p.report.outputError.klMean; }},
    {"worst_error", worstError},
};

Number valueIn(std::span<const NamedValue> values, std::string_view name, const ExplainedPlace &place)
{
    const auto found = std::ranges::find(values, name, &NamedValue::name);
    const Number value = found == values.end() ? Number() : found->get(place);
    return value && std::isfinite(*value) ? value : Number();
}

} // namespace

std::optional<double> explainedValue(std::string_view name, const ExplainedPlace &place)
{
    for (const std::span<const NamedValue> values :
         {std::span<const NamedValue>(kOfLayers), std::span<const NamedValue>(kOfChannels),
          std::span<const NamedValue>(kOfModels)})
        if (const Number value = valueIn(values, name, place))
            return value;
    return std::nullopt;
}

} // namespace qs
