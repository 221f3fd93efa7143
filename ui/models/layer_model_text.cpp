// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the cells of the layer table.
#include "ui/models/layer_model.h"

#include "ui/document/document.h"
#include "ui/text/format.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace qs::ui {

QString floatTypeName(const TensorInfo &tensor)
{
    switch (tensor.dtype) {
    case DType::F32:
        return QStringLiteral("float32");
    case DType::F16:
        return QStringLiteral("float16");
    case DType::BF16:
        return QStringLiteral("bfloat16");
    case DType::F64:
        return QStringLiteral("float64");
    default:
        return QString::fromUtf8(tensor.typeName().data(), static_cast<qsizetype>(tensor.typeName().size()));
    }
}

QString granularityName(const Granularity &granularity)
{
    switch (granularity.kind) {
    case Granularity::Kind::Tensor:
        return LayerModel::tr("whole layer");
    case Granularity::Kind::Channel:
        return LayerModel::tr("per channel");
    case Granularity::Kind::Group:
        break;
    }
    return LayerModel::tr("groups of %1").arg(granularity.groupSize);
}

void LayerModel::setCovered(bool covered)
{
    if (std::exchange(m_isCovered, covered) != covered && rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

/// Parameters, bits and scales are what was set, or what the file holds.
bool LayerModel::isCovered(int column) const
{
    return m_isCovered && column >= ErrorColumn && column != ParametersColumn && column != BytesBeforeColumn &&
           column != BitsColumn && column != ScalesColumn;
}

LayerModel::Cell LayerModel::cell(std::size_t layer, int column) const
{
    if (isCovered(column))
        return {QStringLiteral("?"), {}};
    const Layer &source = m_setup->model()->layers[layer];
    const TensorInfo &tensor = m_setup->model()->tensorOf(source);
    const Scheme *scheme = m_setup->shownScheme(layer);
    switch (column) {
    case NameColumn:
        // Layers stand in natural order of their names already.
        return {text::oneLine(source.module), static_cast<qulonglong>(layer)};
    case ShapeColumn:
        return {text::shape(tensor.shape), static_cast<qulonglong>(tensor.elements())};
    case ModeColumn:
        return modeCell(layer);
    case ErrorColumn:
        return errorCell(layer);
    case ParametersColumn:
        return {text::count(tensor.elements()), static_cast<qulonglong>(tensor.elements())};
    case BitsColumn:
        return scheme ? Cell{QString::number(scheme->bits), scheme->bits} : Cell{text::none(), {}};
    case ScalesColumn:
        return scheme ? Cell{granularityName(scheme->granularity), granularityName(scheme->granularity)}
                      : Cell{text::none(), {}};
    case OtherErrorColumn:
    case RatioColumn:
        return comparedCell(layer, column);
    default:
        break;
    }
    const LayerReport *report = reportOf(layer);
    if (!report)
        return {text::pending(), {}};
    Cell result = resultCell(*report, column);
    if (const auto &contrast = contrastOf(layer); column == SqnrColumn && contrast)
        result.text.prepend(contrast->byOutput < contrast->byWeights ? QStringLiteral("▲ ") : QStringLiteral("▼ "));
    return result;
}

/// Which way ranks disagree, and what follows from it.
QString LayerModel::contrastText(std::size_t layer) const
{
    const auto &contrast = contrastOf(layer);
    if (!contrast)
        return {};
    const QString places = tr("Of %1 layers the number %2 by its weights (weight SQNR) and the number %3 by what the "
                              "network's output loses; "
                              "1 is the worst.")
                               .arg(contrast->layers)
                               .arg(contrast->byWeights)
                               .arg(contrast->byOutput);
    const QString meaning =
        contrast->byOutput < contrast->byWeights
            ? tr("▲ Among the tenth of layers that the network feels most, though its weights are in "
                 "the better half.")
            : tr("▼ Among the tenth of layers whose weights lose most, though the network hardly "
                 "feels it.");
    return places + QLatin1Char('\n') + meaning;
}

LayerModel::Cell LayerModel::resultCell(const LayerReport &report, int column) const
{
    const auto bytes = [](std::uint64_t value) { return Cell{text::bytes(value), static_cast<qulonglong>(value)}; };
    const auto scale = [](float value) { return Cell{text::scale(value), value}; };
    if (column == BytesBeforeColumn)
        return bytes(report.bytesBefore);
    if (column == BytesAfterColumn)
        return bytes(report.bytesAfter);
    const LayerQuantization *quantization = report.quantization.get();
    if (!report.hasScales())
        return {text::none(), {}};
    // What was lost on the way into the file cannot be known any more.
    if (report.alreadyQuantized && (column == ClippedColumn || column == SqnrColumn))
        return {text::none(), {}};
    switch (column) {
    case ScaleMinColumn:
        return scale(quantization->scaleMin);
    case ScaleMedianColumn:
        return scale(quantization->scaleMedian);
    case ScaleMaxColumn:
        return scale(quantization->scaleMax);
    case SpreadColumn: {
        if (quantization->scaleMin <= 0)
            return {text::notAvailable(), {}};
        const double spread = double(quantization->scaleMax) / double(quantization->scaleMin);
        return {text::times(spread), spread};
    }
    case ZeroPointsColumn: {
        if (!quantization->offsets.empty())
            return {tr("offsets"), {}};
        if (quantization->zeroPoints.empty())
            return {QStringLiteral("0"), 0};
        const auto [low, high] = std::ranges::minmax(quantization->zeroPoints);
        return {text::integerRange(low, high), high - low};
    }
    case ClippedColumn:
        return {text::percent(report.metrics.clippedShare),
                report.metrics.clippedShare ? QVariant(*report.metrics.clippedShare) : QVariant()};
    case SqnrColumn:
        return {text::decibel(report.metrics.sqnrDb, report.metrics.exact),
                report.metrics.sqnrDb ? QVariant(*report.metrics.sqnrDb) : QVariant()};
    default:
        return {};
    }
}

LayerModel::Cell LayerModel::errorCell(std::size_t layer) const
{
    if (!m_setup->isShownQuantized(layer))
        return {text::none(), {}};
    const LayerReport *report = reportOf(layer);
    const auto error = errorOf(layer);
    if (error)
        return {text::percent(*error, *error == 0), *error};
    const bool pending = !report || errorKind() == ShownErrorKind::Pending || isWaiting(layer);
    return {pending ? text::pending() : text::notAvailable(), {}};
}

LayerModel::Cell LayerModel::comparedCell(std::size_t layer, int column) const
{
    const SideB &other = m_setup->document().sideB();
    const std::shared_ptr<const Report> report = other.report();
    if (!report)
        return {other.isPending() ? text::pending() : text::none(), {}};
    if (layer >= report->layers.size() || !report->layers[layer])
        return {text::pending(), {}};
    if (column == RatioColumn) {
        const auto ratio = ratioOf(layer);
        return ratio ? Cell{text::times(*ratio), *ratio} : Cell{text::none(), {}};
    }
    if (const auto error = otherErrorOf(layer))
        return {text::percent(*error, *error == 0), *error};
    return {text::none(), {}};
}

LayerModel::Cell LayerModel::modeCell(std::size_t layer) const
{
    const Scheme *scheme = m_setup->shownScheme(layer);
    if (!scheme) {
        const QString type = floatTypeName(m_setup->model()->tensorOf(m_setup->model()->layers[layer]));
        return {type, type};
    }
    const QString mode = scheme->mode == Mode::Symmetric ? tr("sym") : tr("asym");
    const QString text = tr("%1 %2 bit").arg(mode).arg(scheme->bits);
    return {text, text};
}

/// Of a stack: the experts that lose most. All of them stand in the panel of the selected layer.
QString LayerModel::expertsText(std::size_t layer) const
{
    constexpr std::size_t kMost = 3;
    const LayerReport *report = reportOf(layer);
    if (!report || !report->quantization || !m_setup->isShownQuantized(layer))
        return {};
    const std::vector<double> &errors = report->quantization->matrixErrors;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < errors.size(); ++i)
        if (!std::isnan(errors[i]))
            order.push_back(i);
    if (order.size() < 2)
        return {};
    const std::size_t shown = std::min(kMost, order.size());
    std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(shown), std::ranges::greater(),
                              [&](std::size_t i) { return errors[i]; });
    QStringList worst;
    for (std::size_t i = 0; i < shown; ++i)
        worst << tr("%1: %2").arg(order[i]).arg(text::percent(errors[order[i]], errors[order[i]] == 0));
    return tr("Experts that lose most: %1").arg(worst.join(QStringLiteral(", ")));
}

QString LayerModel::toolTip(std::size_t layer, int column) const
{
    QStringList lines;
    if (column == NameColumn)
        lines << tr("%1, %2").arg(text::oneLine(m_setup->model()->layers[layer].name), cell(layer, ShapeColumn).text);
    if (const auto &others = m_setup->model()->layers[layer].otherNames; column == NameColumn && !others.empty())
        lines << tr("Tied to %1").arg(text::oneLine(listInQuotes(others)));
    if (m_setup->isStored(layer))
        lines << tr("Quantized in the file: %1").arg(text::words(m_setup->shownScheme(layer)->summary()));
    else if (!m_setup->isQuantized(layer))
        lines << tr("Kept as it is: %1").arg(m_setup->keptReason(layer));
    else if (m_setup->isKeptByFile(layer))
        lines << tr("The file that is about to be written keeps it as it is: %1")
                     .arg(text::words(m_setup->preview()->plan.decisions[layer].reason));
    else if (column == ModeColumn)
        lines << text::words(m_setup->shownScheme(layer)->summary());
    if (m_isCovered) // remarks have numbers, too
        return text::plainToolTip(lines.join(QLatin1Char('\n')));
    if (const LayerReport *report = reportOf(layer); report && (column == NameColumn || column == ErrorColumn))
        for (const Text &note : report->notes)
            lines << text::words(note);
    if (column == NameColumn || column == ErrorColumn)
        if (const QString experts = expertsText(layer); !experts.isEmpty())
            lines << experts;
    if (column == SqnrColumn || column == ErrorColumn)
        if (const QString contrast = contrastText(layer); !contrast.isEmpty())
            lines << contrast;
    return text::plainToolTip(lines.join(QLatin1Char('\n')));
}

QString LayerModel::title(int column) const
{
    switch (column) {
    case NameColumn:
        return tr("Layer");
    case ShapeColumn:
        return tr("Shape");
    case ModeColumn:
        return tr("Mode");
    case ErrorColumn:
        switch (errorKind()) {
        case ShownErrorKind::Weights:
            return tr("Weight error");
        case ShownErrorKind::Layer:
            return tr("Output error");
        default:
            return tr("Error alone");
        }
    case ParametersColumn:
        return tr("Parameters");
    case BytesBeforeColumn:
        return tr("Size before");
    case BytesAfterColumn:
        return tr("Size after");
    case ScaleMinColumn:
        return tr("Scale, smallest");
    case ScaleMedianColumn:
        return tr("Scale, median");
    case ScaleMaxColumn:
        return tr("Scale, largest");
    case SpreadColumn:
        return tr("Spread");
    case ZeroPointsColumn:
        return tr("Zero points");
    case ClippedColumn:
        return tr("Clipped");
    case SqnrColumn:
        return tr("Weight SQNR");
    case BitsColumn:
        return tr("Bits");
    case ScalesColumn:
        return tr("Scales");
    case OtherErrorColumn:
        return tr("Error of B");
    case RatioColumn:
        return tr("B / A");
    default:
        return {};
    }
}

QString LayerModel::errorExplanation(ShownErrorKind kind)
{
    switch (kind) {
    case ShownErrorKind::Weights:
        return QStringLiteral("layer.weightError");
    case ShownErrorKind::Layer:
        return QStringLiteral("layer.outputError");
    default:
        return QStringLiteral("layer.error");
    }
}

QString LayerModel::explanation(int column) const
{
    static constexpr const char *kIds[ColumnCount] = {
        "layer.name",        "layer.shape",      "layer.mode",     "layer.error",       "layer.parameters",
        "layer.bytesBefore", "layer.bytesAfter", "layer.scaleMin", "layer.scaleMedian", "layer.scaleMax",
        "layer.spread",      "layer.zeroPoints", "layer.clipped",  "layer.sqnr",        "layer.bits",
        "layer.scales",      "layer.otherError", "layer.ratio"};
    if (column == ErrorColumn)
        return errorExplanation(errorKind());
    return column >= 0 && column < ColumnCount ? QString::fromLatin1(kIds[column]) : QString();
}

QString LayerModel::titleToolTip(int column) const
{
    switch (column) {
    case ErrorColumn:
        switch (errorKind()) {
        case ShownErrorKind::Weights:
            return tr("Relative error of the weights, ‖y − x‖ / ‖x‖. A screening number: the network was not run.");
        case ShownErrorKind::Layer:
            return tr("Relative error of this layer's output for the given inputs.");
        default:
            return tr("Relative error of the network's output when only this layer is quantized.");
        }
    case ShapeColumn:
        return tr("Shape of the weight tensor as it is stored");
    case SpreadColumn:
        return tr("Largest scale divided by the smallest one");
    case ClippedColumn:
        return tr("Share of codes that the ends of the code range changed");
    case SqnrColumn:
        return tr(
            "Signal-to-quantization-noise ratio of the weights, in dB; higher is better.\n▲: among the tenth of layers "
            "with the largest output errors, though its weights are in the better half.\n▼: among the tenth with the "
            "worst weights, though its output error is in the better half.");
    case BytesAfterColumn:
        return tr("Packed codes with scales and zero points");
    case OtherErrorColumn:
    case RatioColumn:
        return comparedKind() == ShownErrorKind::Weights
                   ? tr("Relative error of the weights in B, against those in A: above 1, B is worse.")
                   : tr("Output error of the layer in B, against that in A: above 1, B is worse.");
    default:
        return {};
    }
}

} // namespace qs::ui
