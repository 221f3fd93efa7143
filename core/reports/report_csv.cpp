// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/report_csv.h"

#include "core/base/csv.h"
#include "core/base/text.h"
#include "core/scheme/scheme_fields.h"

#include <fmt/format.h>

#include <ranges>
#include <string_view>

namespace qs {
namespace {

constexpr std::string_view kMetricColumns =
    "sqnr_db,exact,relative_error,mse,rmse,max_abs_error,rmse_per_scale_median,rmse_per_scale_max,zero_share,"
    "one_minus_cosine,clipped_share,excess_kurtosis";
constexpr int kMetricCount = 12;
constexpr std::string_view kRowEnd = "\n"; // for tools of a shell

CsvText beginWith(std::string_view titles)
{
    CsvText csv(kRowEnd);
    for (const std::string_view title : std::views::split(titles, ',') | std::views::transform([](auto title) {
                                            return std::string_view(title.begin(), title.end());
                                        }))
        csv.add(title);
    csv.endRow();
    return csv;
}

void addMetrics(const Metrics &metrics, CsvText &csv)
{
    csv.add(metrics.sqnrDb)
        .add(metrics.exact ? "true" : "false")
        .add(metrics.relativeError)
        .add(metrics.mse)
        .add(metrics.rmse)
        .add(metrics.maxAbsError)
        .add(metrics.rmsePerScaleMedian)
        .add(metrics.rmsePerScaleMax)
        .add(metrics.zeroShare)
        .add(metrics.oneMinusCosine)
        .add(metrics.clippedShare)
        .add(metrics.excessKurtosis);
}

void addLayerRow(const LayerReport &layer, CsvText &csv)
{
    csv.add(printable(layer.name))
        .add(printable(layer.module))
        .add(textOf(layer.op))
        .add(shapeText(layer.shape))
        .add(layer.typeName)
        .add(layer.decision.channelAxis)
        .add(layer.decision.quantize ? "quantize" : "keep")
        .add(layer.decision.reason.str());
    forEachField(layer.decision.scheme,
                 [&csv](const auto &field, const auto &value) { csv.add(std::string_view(field.text(value))); });
    csv.add(layer.matrix.channels);
    if (layer.hasScales())
        csv.add(double(layer.quantization->scaleMin))
            .add(double(layer.quantization->scaleMedian))
            .add(double(layer.quantization->scaleMax));
    else
        csv.addEmpty(3);
    if (layer.decision.quantize)
        addMetrics(layer.metrics, csv);
    else
        csv.addEmpty(kMetricCount);
    csv.add(layer.outputError.alone)
        .add(layer.outputError.upToHere)
        .add(layer.outputError.layerOutput)
        .add(layer.bytesBefore)
        .add(layer.bytesAfter)
        .endRow();
}

/// One row per channel, or per group of a channel; a scale of the whole tensor is repeated for each channel.
void addChannelRows(const LayerReport &layer, CsvText &csv)
{
    const auto addHead = [&] {
        csv.add(printable(layer.name))
            .add(layer.decision.quantize ? "quantize" : "keep")
            .add(layer.decision.reason.str());
    };
    if (!layer.hasScales()) {
        addHead();
        csv.addEmpty(8).endRow();
        return;
    }
    const LayerQuantization &quantization = *layer.quantization;
    const std::uint64_t groups = quantization.groupsPerChannel;
    const bool oneScale = quantization.scales.size() == 1;
    const bool offsets = !quantization.offsets.empty();
    for (std::uint64_t channel = 0; channel < quantization.shape.channels; ++channel) {
        for (std::uint64_t group = 0; group < groups; ++group) {
            const std::size_t at = oneScale ? 0 : channel * groups + group;
            if (at >= quantization.scales.size())
                return;
            addHead();
            csv.add(channel).add(group).add(double(quantization.scales[at]));
            if (offsets)
                csv.addEmpty(1);
            else
                csv.add(quantization.zeroPoints.empty() ? 0 : int(quantization.zeroPoints[at]));
            const auto valueOf = [channel](const std::vector<float> &values) {
                return channel < values.size() ? std::optional<double>(values[channel]) : std::nullopt;
            };
            csv.add(valueOf(quantization.channelMin))
                .add(valueOf(quantization.channelMax))
                .add(valueOf(quantization.channelRmsePerScale));
            if (offsets)
                csv.add(double(quantization.offsets[at]));
            else
                csv.addEmpty(1);
            csv.endRow();
        }
    }
}

} // namespace

std::string reportCsv(const Report &report, bool full)
{
    if (full) {
        CsvText csv = beginWith("name,action,reason,channel,group,scale,zero_point,min,max,rmse_per_scale,offset");
        for (const auto &layer : report.layers)
            addChannelRows(*layer, csv);
        return csv.text();
    }
    std::string schemeColumns;
    forEachField([&](const auto &field) { schemeColumns += fmt::format("{},", field.key); });
    CsvText csv = beginWith(fmt::format(
        "name,module,op,shape,dtype,channel_axis,action,reason,{}channels,scale_min,scale_median,scale_max,{},"
        "output_error_alone,output_error_up_to_here,output_error_layer_output,bytes_before,bytes_after",
        schemeColumns, kMetricColumns));
    for (const auto &layer : report.layers)
        addLayerRow(*layer, csv);
    return csv.text();
}

std::string comparisonCsv(const Comparison &comparison)
{
    CsvText csv = beginWith(fmt::format("name,shape,{},candidate,matched_by,side,reason", kMetricColumns));
    for (const TensorComparison &tensor : comparison.tensors) {
        csv.add(printable(tensor.name)).add(shapeText(tensor.shape));
        addMetrics(tensor.metrics, csv);
        csv.add(printable(tensor.candidate)).add(textOf(tensor.matchedBy)).addEmpty(2).endRow();
    }
    for (const UnmatchedTensor &tensor : comparison.unmatched) {
        csv.add(printable(tensor.name)).addEmpty(kMetricCount + 3);
        csv.add(tensor.side == ModelSide::Reference ? "reference" : "candidate").add(tensor.reason.str()).endRow();
    }
    return csv.text();
}

} // namespace qs
