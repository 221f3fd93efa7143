// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers that DetailsPanel shows of a layer and of a channel.
#include "ui/pages/details/details_panel.h"

#include "ui/document/layer_neighbours.h"
#include "ui/models/role_names.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"

#include <QLabel>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <span>

namespace qs::ui {

namespace {

/// Smallest … largest, or the one value that all have.
template <class T> QString oneOrRange(std::span<const T> values)
{
    if (values.empty())
        return text::none();
    const auto [low, high] = std::ranges::minmax(values);
    if constexpr (std::integral<T>)
        return text::integerRange(low, high);
    else
        return text::range(double(low), double(high), kScaleDigits);
}

/// The part of a layer's values that belongs to a channel: all of them when one scale serves the whole layer.
template <class T>
std::span<const T> ofChannel(const std::vector<T> &values, const LayerQuantization &quantization, std::uint64_t channel)
{
    const std::span<const T> all(values);
    const std::uint64_t groups = quantization.groupsPerChannel;
    if (all.size() < quantization.shape.channels * groups)
        return all.first(std::min<std::size_t>(all.size(), 1));
    return all.subspan(channel * groups, groups);
}

/// All names, or the first ones and how many more.
QString fewOf(const QStringList &names)
{
    constexpr qsizetype kMost = 4;
    if (names.size() <= kMost)
        return text::listed(names);
    return DetailsPanel::tr("%1 and %2 more")
        .arg(names.first(kMost).join(QStringLiteral(", ")))
        .arg(names.size() - kMost);
}

} // namespace

QList<ValueRow> DetailsPanel::scaleRows(const LayerReport &report) const
{
    const LayerQuantization *quantization = report.quantization.get();
    if (!quantization)
        return {};
    QList<ValueRow> rows;
    const QString help = report.decision.quantize
                             ? tr("Step size: the distance between two neighbouring values after quantization")
                             : tr("What the step sizes would be if this layer were quantized");
    if (quantization->scales.size() > 1)
        rows << ValueRow{tr("Scale, smallest … largest"),
                         text::range(double(quantization->scaleMin), double(quantization->scaleMax), kScaleDigits),
                         help, "layer.scaleRange"};
    rows << ValueRow{tr("Scale, whole layer"), text::scale(double(quantization->wholeLayerScale)),
                     tr("The one scale that the whole layer would get without scales per channel"), "layer.scaleWhole"};
    if (!quantization->zeroPoints.empty())
        rows << ValueRow{tr("Zero points"), oneOrRange(std::span<const std::int8_t>(quantization->zeroPoints)),
                         tr("The code that stands for the value 0"), "layer.zeroPoints"};
    if (!quantization->offsets.empty())
        rows << ValueRow{tr("Offsets"), oneOrRange(std::span<const float>(quantization->offsets)),
                         tr("The value of the lowest code, in place of a zero point"), "layer.offsets"};
    return rows;
}

QList<ValueRow> DetailsPanel::tieRows(std::size_t layer) const
{
    const Model &model = *m_setup->model();
    const Layer &what = model.layers[layer];
    QList<ValueRow> rows;
    if (!what.otherNames.empty()) {
        QStringList names;
        for (const std::string &name : what.otherNames)
            names << text::oneLine(name);
        rows << ValueRow{tr("Tied to"), text::listed(names),
                         tr("Other names of the very same weights: they count once, and any of them selects the layer"),
                         "layer.tied"};
    }
    return rows;
}

/// The errors of the matrices of a stack, one expert each: those that lose most stand out from the error of them all.
QList<ValueRow> DetailsPanel::matrixRows(std::size_t layer, const LayerReport &report) const
{
    constexpr std::size_t kMost = 64;
    const bool shown = report.decision.quantize && m_setup->isShownQuantized(layer) && report.quantization;
    if (!shown)
        return {};
    QList<ValueRow> rows;
    const std::vector<double> &errors = report.quantization->matrixErrors;
    for (std::size_t i = 0; i < std::min(errors.size(), kMost); ++i)
        rows << ValueRow{tr("Weight error, matrix %1").arg(i),
                         text::percent(std::isnan(errors[i]) ? std::nullopt : std::optional(errors[i]), errors[i] == 0),
                         tr("Relative error of this matrix of the stack alone"), "layer.matrixError"};
    if (errors.size() > kMost)
        rows << ValueRow{tr("Further matrices"), text::count(errors.size() - kMost), {}, "layer.matrixError"};
    return rows;
}

QList<ValueRow> DetailsPanel::errorRows(std::size_t layer, const LayerReport &report) const
{
    QList<ValueRow> rows;
    if (report.decision.quantize && m_setup->isShownQuantized(layer)) {
        const Metrics &metrics = report.metrics;
        rows << ValueRow{tr("Weight SQNR"), text::decibel(metrics.sqnrDb, metrics.exact),
                         tr("Signal-to-quantization-noise ratio of the weights; 6 dB more halve the error"),
                         "layer.sqnr"};
        rows << ValueRow{tr("Weight error"), text::percent(metrics.relativeError, metrics.exact),
                         tr("Relative error of the weights, ‖y − x‖ / ‖x‖"), "layer.weightError"};
        rows << ValueRow{tr("Clipped weights"), text::percent(metrics.clippedShare),
                         metrics.clippedShare ? text::clipped(*metrics.clippedShare, report.decision.scheme)
                                              : QString(),
                         "layer.clipped"};
        rows << ValueRow{tr("Weights that become 0"), text::percent(metrics.zeroShare),
                         tr("Share of the weights that were not 0 and whose code means 0"), "layer.zeros"};
        if (const LayerOutputError &error = report.outputError; error.alone || error.upToHere) {
            const bool isKnown = error.alone || m_setup->shownReport()->complete;
            rows << ValueRow{
                tr("Output error, alone"), isKnown ? text::percent(error.alone, error.alone == 0.0) : text::pending(),
                tr("Relative error of the network's output when only this layer is quantized"), "layer.error"};
            rows << ValueRow{tr("Output error, up to here"), text::percent(error.upToHere, error.upToHere == 0.0),
                             tr("Relative error of this layer's output when all layers up to it are quantized"),
                             "layer.upToHere"};
        } else if (error.layerOutput) {
            rows << ValueRow{tr("Output error, this layer"), text::percent(error.layerOutput),
                             tr("Relative error of this layer's output for the given inputs"), "layer.outputError"};
        }
    }
    if (const LayerOutputError &error = report.outputError; !error.outputShape.empty())
        rows << ValueRow{tr("In the network"),
                         QString::fromStdString(shapeText(error.inputShape) + " → " + shapeText(error.outputShape)),
                         tr("Shape of what goes into the layer, and of what comes out, for one sample"),
                         "layer.inNetwork"};
    const LayerNeighbours::Neighbours around = LayerNeighbours::of(*m_setup).around(layer);
    if (!around.before.isEmpty())
        rows << ValueRow{tr("Fed by"), fewOf(around.before), tr("The layers, joins and inputs whose values it takes"),
                         "layer.inNetwork"};
    if (!around.behind.isEmpty())
        rows << ValueRow{tr("Feeds"), fewOf(around.behind), tr("The layers, joins and outputs that take its values"),
                         "layer.inNetwork"};
    rows << ValueRow{tr("Size"), text::bytesChange(report.bytesBefore, report.bytesAfter),
                     tr("%1 before, %2 after; packed codes with scales and zero points")
                         .arg(text::exactBytes(report.bytesBefore), text::exactBytes(report.bytesAfter)),
                     "layer.bytesAfter"};
    return rows;
}

void DetailsPanel::showChannel(const LayerReport *report)
{
    const qint64 selected = m_selection->channel();
    const LayerQuantization *quantization = report ? report->quantization.get() : nullptr;
    const bool any =
        quantization && selected >= 0 && static_cast<std::uint64_t>(selected) < quantization->shape.channels;
    const bool appears = any && m_channelHead->isHidden();
    m_channelHead->setVisible(any);
    if (!any) {
        m_channelValues->setRows({});
        return;
    }
    const auto channel = static_cast<std::uint64_t>(selected);
    const auto experts = static_cast<qint64>(quantization->matrixErrors.size());
    const qint64 outputs = experts > 1 ? static_cast<qint64>(quantization->shape.channels) / experts : 0;
    m_channelHead->setText(
        outputs > 0
            ? tr("Channel %1: output %2 of expert %3").arg(selected).arg(selected % outputs).arg(selected / outputs)
            : tr("Channel %1").arg(selected));
    QList<ValueRow> rows;
    if (channel < quantization->channelMin.size())
        rows << ValueRow{tr("Range"),
                         text::range(double(quantization->channelMin[channel]),
                                     double(quantization->channelMax[channel]), kScaleDigits),
                         tr("Smallest and largest weight of the channel"), "channel.range"};
    const auto scales = ofChannel(quantization->scales, *quantization, channel);
    rows << ValueRow{scales.size() > 1 ? tr("Scales of %1 groups").arg(scales.size()) : tr("Scale"), oneOrRange(scales),
                     tr("Step size"), scales.size() > 1 ? "channel.scales" : "channel.scale"};
    if (!quantization->offsets.empty())
        rows << ValueRow{scales.size() > 1 ? tr("Offsets of %1 groups").arg(scales.size()) : tr("Offset"),
                         oneOrRange(ofChannel(quantization->offsets, *quantization, channel)),
                         tr("The value of the lowest code, in place of a zero point"), "layer.offsets"};
    else
        rows << ValueRow{
            tr("Zero point"),
            quantization->zeroPoints.empty() ? QStringLiteral("0")
                                             : oneOrRange(ofChannel(quantization->zeroPoints, *quantization, channel)),
            tr("The code that stands for the value 0"), scales.size() > 1 ? "channel.zeroPoints" : "channel.zeroPoint"};
    if (report->decision.quantize && channel < quantization->channelRmsePerScale.size())
        rows << ValueRow{tr("RMSE / scale"), text::number(double(quantization->channelRmsePerScale[channel]), 3),
                         tr("Root of the mean squared error, in steps. Evenly spread rounding gives 0.289: lower means "
                            "that many weights fall on the grid, higher means clipping."),
                         scales.size() > 1 ? "channel.rmseOfGroups" : "channel.rmse"};
    m_channelValues->setRows(rows);
    m_channelValues->setNameWidth(m_layerValues->nameWidth());
    // Once the layout knows the new rows: a channel that was just chosen should be seen.
    if (appears)
        QTimer::singleShot(0, this, [this] { ensureWidgetVisible(m_channelValues, 0, 0); });
}

} // namespace qs::ui
