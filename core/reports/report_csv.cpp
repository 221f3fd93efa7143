// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/reports/report_json.h"

#include "core/base/text.h"
#include "core/scheme/scheme_fields.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace qs {
namespace {

constexpr std::string_view kMetricColumns =
    "sqnr_db,exact,relative_error,mse,rmse,max_abs_error,rmse_per_scale_median,rmse_per_scale_max,zero_share,"
    "one_minus_cosine,clipped_share,excess_kurtosis";
constexpr int kMetricCount = 12;

/// One record; fields are quoted where RFC 4180 asks for it.
class Row
{
public:
    Row &add(std::string_view field)
    {
        separate();
        if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
            m_text += field;
            return *this;
        }
        m_text += '"';
        for (char c : field) {
            m_text += c;
            if (c == '"')
                m_text += c;
        }
        m_text += '"';
        return *this;
    }
    Row &add(std::uint64_t value) { return addPlain(fmt::format("{}", value)); }
    Row &add(int value) { return addPlain(fmt::format("{}", value)); }
    /// The shortest form that reads back as the same number; nothing when there is none.
    Row &add(double value) { return addPlain(std::isfinite(value) ? fmt::format("{}", value) : std::string()); }
    Row &add(std::optional<double> value) { return value ? add(*value) : addPlain({}); }
    Row &add(const Metrics &m)
    {
        return add(m.sqnrDb)
            .addPlain(m.exact ? "true" : "false")
            .add(m.relativeError)
            .add(m.mse)
            .add(m.rmse)
            .add(m.maxAbsError)
            .add(m.rmsePerScaleMedian)
            .add(m.rmsePerScaleMax)
            .add(m.zeroShare)
            .add(m.oneMinusCosine)
            .add(m.clippedShare)
            .add(m.excessKurtosis);
    }
    Row &add(const Scheme &scheme)
    {
        forEachField(scheme, [this](const auto &field, const auto &value) { add(field.text(value)); });
        return *this;
    }
    Row &addEmpty(int count)
    {
        for (int i = 0; i < count; ++i)
            addPlain({});
        return *this;
    }
    std::string line() const { return m_text + "\n"; }

private:
    Row &addPlain(std::string_view text)
    {
        separate();
        m_text += text;
        return *this;
    }
    void separate()
    {
        if (!m_first)
            m_text += ',';
        m_first = false;
    }

    std::string m_text;
    bool m_first = true;
};

std::string layerRow(const LayerReport &layer)
{
    const bool hasScales = layer.quantization && (layer.decision.quantize || layer.alreadyQuantized);
    Row row;
    row.add(printable(layer.name))
        .add(printable(layer.module))
        .add(textOf(layer.op))
        .add(shapeText(layer.shape))
        .add(layer.typeName)
        .add(layer.decision.channelAxis)
        .add(layer.decision.quantize ? "quantize" : "keep")
        .add(layer.decision.reason.text())
        .add(layer.decision.scheme)
        .add(layer.matrix.channels);
    if (hasScales)
        row.add(double(layer.quantization->scaleMin))
            .add(double(layer.quantization->scaleMedian))
            .add(double(layer.quantization->scaleMax));
    else
        row.addEmpty(3);
    if (layer.decision.quantize)
        row.add(layer.metrics);
    else
        row.addEmpty(kMetricCount);
    row.add(layer.outputError.alone)
        .add(layer.outputError.upToHere)
        .add(layer.outputError.layerOutput)
        .add(layer.bytesBefore)
        .add(layer.bytesAfter);
    return row.line();
}

/// One row per channel, or per group of a channel; a scale of the whole tensor is repeated for each channel.
void appendChannelRows(const LayerReport &layer, std::string &text)
{
    const LayerQuantization *quantization = layer.quantization.get();
    const std::string_view action = layer.decision.quantize ? "quantize" : "keep";
    if (!quantization || !(layer.decision.quantize || layer.alreadyQuantized)) {
        text += Row().add(printable(layer.name)).add(action).add(layer.decision.reason.text()).addEmpty(8).line();
        return;
    }
    const std::uint64_t groups = quantization->groupsPerChannel;
    const bool oneScale = quantization->scales.size() == 1;
    for (std::uint64_t channel = 0; channel < quantization->shape.channels; ++channel) {
        for (std::uint64_t group = 0; group < groups; ++group) {
            const std::size_t at = oneScale ? 0 : channel * groups + group;
            if (at >= quantization->scales.size())
                return;
            Row row;
            row.add(printable(layer.name))
                .add(action)
                .add(layer.decision.reason.text())
                .add(channel)
                .add(group)
                .add(double(quantization->scales[at]));
            const bool offsets = !quantization->offsets.empty();
            if (offsets)
                row.addEmpty(1);
            else
                row.add(quantization->zeroPoints.empty() ? 0 : int(quantization->zeroPoints[at]));
            const auto valueOf = [channel](const std::vector<float> &values) {
                return channel < values.size() ? std::optional<double>(values[channel]) : std::nullopt;
            };
            row.add(valueOf(quantization->channelMin))
                .add(valueOf(quantization->channelMax))
                .add(valueOf(quantization->channelRmsePerScale));
            if (offsets)
                row.add(double(quantization->offsets[at]));
            else
                row.addEmpty(1);
            text += row.line();
        }
    }
}

} // namespace

std::string reportCsv(const Report &report, bool full)
{
    std::string text;
    if (full) {
        text = "name,action,reason,channel,group,scale,zero_point,min,max,rmse_per_scale,offset\n";
        for (const auto &layer : report.layers)
            appendChannelRows(*layer, text);
        return text;
    }
    std::string schemeColumns;
    forEachField([&](const auto &field) { schemeColumns += fmt::format("{},", field.key); });
    text = fmt::format("name,module,op,shape,dtype,channel_axis,action,reason,{}channels,scale_min,scale_median,"
                       "scale_max,{},output_error_alone,output_error_up_to_here,output_error_layer_output,bytes_before,"
                       "bytes_after\n",
                       schemeColumns, kMetricColumns);
    for (const auto &layer : report.layers)
        text += layerRow(*layer);
    return text;
}

std::string comparisonCsv(const Comparison &comparison)
{
    std::string text = fmt::format("name,shape,{}\n", kMetricColumns);
    for (const TensorComparison &tensor : comparison.tensors)
        text += Row().add(printable(tensor.name)).add(shapeText(tensor.shape)).add(tensor.metrics).line();
    return text;
}

} // namespace qs
