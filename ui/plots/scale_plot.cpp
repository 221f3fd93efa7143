// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/scale_plot.h"

#include "ui/plots/bands_item.h"
#include "ui/plots/other_scales_item.h"
#include "ui/plots/scale_marks_item.h"
#include "ui/text/format.h"

#include <QAction>
#include <QActionGroup>

#include <cmath>

namespace qs::ui {

namespace {

const QString kSeriesOther = QStringLiteral("other");
const QString kSeriesBefore = QStringLiteral("before");
constexpr double kBeyondCodes = 0.06; // of all codes, beyond both ends
constexpr double kNear = 11;          // pixels between cursor and dot that count as "on it"

QString lines(std::initializer_list<QString> parts)
{
    QStringList present;
    for (const QString &part : parts)
        if (!part.isEmpty())
            present << part;
    return present.join(u'\n');
}

} // namespace

ScalePlot::ScalePlot(Selection *selection, QWidget *parent)
    : LayerPlot(tr("Scale per channel"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.scales"));
    addMenu();
    setLogarithmic(true);
}

void ScalePlot::addMenu()
{
    auto *group = new QActionGroup(this);
    const auto add = [&](const QString &name, const char *id, ScaleQuantity quantity) {
        QAction *action = group->addAction(name);
        action->setObjectName(QLatin1String(id));
        action->setCheckable(true);
        action->setChecked(quantity == m_quantity);
        addToolsAction(action);
        connect(action, &QAction::triggered, this, [this, quantity] { setQuantity(quantity); });
    };
    add(tr("Scales"), "quantity.scale", ScaleQuantity::Step);
    add(tr("Zero points"), "quantity.zeroPoint", ScaleQuantity::ZeroPoint);
}

void ScalePlot::setQuantity(ScaleQuantity quantity)
{
    if (m_quantity == quantity)
        return;
    m_quantity = quantity;
    setTitle(showsSteps() ? tr("Scale per channel") : tr("Zero point per channel"));
    // Numbers of another kind: nothing to compare them with, and no axis to keep.
    m_ghost = {};
    m_grown.reset();
    setLogarithmic(showsSteps());
    rebuild();
    resetZoom();
}

void ScalePlot::rebuild()
{
    std::vector<qint64> channels;
    for (int layer = 0; layer < layerCount(); ++layer)
        channels.push_back(channelCount(layer));
    m_layout.update(channels, report() ? report()->layers : decltype(Report::layers){}, m_quantity);
    if (other())
        m_otherLayout.update(channels, other()->layers, m_quantity);
    else
        m_otherLayout = {};
    if (!report() || m_ghost.bands().size() != m_layout.bands().size())
        m_ghost = {};
    if (!report())
        m_grown.reset();
    if (const auto now = decades(); now && showsSteps()) {
        const AxisRange grown = m_grown.value_or(*now);
        m_grown = AxisRange{std::min(now->lower, grown.lower), std::max(now->upper, grown.upper)};
    }
    const bool groups = std::ranges::any_of(m_layout.bands(), &ScaleBand::hasGroups);
    if (!showsSteps())
        setSubtitle(groups ? tr("the code that means 0; several groups: median, smallest … largest")
                           : tr("the code that means 0, among all codes"));
    else
        setSubtitle(groups ? tr("step size; several groups: median, smallest … largest") : tr("step size"));
    refresh();
}

void ScalePlot::keepGhost()
{
    const bool complete =
        std::ranges::all_of(m_layout.bands(), [](const ScaleBand &band) { return band.layer != nullptr; });
    if (!complete || m_layout.bands().empty())
        return; // half of a state says nothing
    m_ghost = m_layout;
    refresh();
}

std::optional<AxisRange> ScalePlot::decades() const
{
    AxisRange all{0, 0};
    for (const ScaleLayout *layout : {&m_layout, &m_otherLayout, &m_ghost}) {
        const AxisRange range = layout->scaleRange();
        if (range.upper <= 0)
            continue;
        all.lower = all.upper > 0 ? std::min(all.lower, range.lower) : range.lower;
        all.upper = std::max(all.upper, range.upper);
    }
    if (all.upper <= 0)
        return std::nullopt;
    // A little more on either side, so that no mark lies on the edge.
    const double lower = std::pow(10.0, std::floor(std::log10(all.lower * 0.9)));
    const double upper = std::pow(10.0, std::ceil(std::log10(all.upper * 1.1)));
    return AxisRange{lower, std::max(upper, lower * 10)};
}

void ScalePlot::aboutToShowAll()
{
    m_grown = decades();
}

QString ScalePlot::message() const
{
    if (!report() && layerCount() == 0)
        return tr("Open a model to see the scale of every channel.");
    if (layerCount() == 0)
        return tr("This file has no weights that can be quantized.");
    // Known, and none at all: in a file of floats. What is only excluded shows the scales that it would have.
    const auto hasNone = [](const ScaleBand &band) { return band.layer && !band.hasScales(); };
    if (std::ranges::all_of(m_layout.bands(), hasNone))
        return isSideB() ? tr("B holds its weights as floats, so it has no scales.")
                         : tr("No layer has scales: their weights stay floats.");
    const auto hasOwn = [](const ScaleBand &band) {
        return band.layer && band.layer->quantization &&
               (!band.layer->quantization->zeroPoints.empty() || !band.layer->quantization->offsets.empty());
    };
    if (!showsSteps() && std::ranges::none_of(m_layout.bands(), hasOwn))
        return tr("The codes are symmetric: each of them has the zero point 0.");
    return {};
}

QString ScalePlot::summary() const
{
    const AxisRange range = m_layout.scaleRange();
    qint64 channels = 0;
    int kept = 0;
    for (const ScaleBand &band : m_layout.bands()) {
        channels += band.channels;
        kept += band.layer && !band.isQuantized();
    }
    const QString counts = tr("%1 layers, %2 channels, %3 excluded")
                               .arg(layerCount())
                               .arg(text::count(static_cast<std::uint64_t>(channels)))
                               .arg(kept);
    if (range.upper <= 0 || !showsSteps())
        return counts;
    return tr("%1, scales from %2 to %3").arg(counts, text::scale(range.lower), text::scale(range.upper));
}

QList<PlotSeries> ScalePlot::series() const
{
    QList<PlotSeries> list{{kSeriesChannels, tr("per channel"), Glyph::Dot, &Theme::schemeA},
                           {kSeriesWhole, tr("whole layer"), Glyph::DashedLine, &Theme::text}};
    if (!showsSteps())
        list.removeLast();
    if (std::ranges::any_of(m_layout.bands(), [](const ScaleBand &b) { return b.layer && !b.isQuantized(); }))
        list.append({kSeriesExcluded, tr("excluded"), Glyph::HollowDot, &Theme::secondaryText});
    if (other())
        list.append({kSeriesOther, tr("B"), Glyph::HollowSquare, &Theme::schemeB});
    if (!m_ghost.bands().empty())
        list.append({kSeriesBefore, tr("before"), Glyph::HollowDot, &Theme::text});
    return list;
}

PlotTable ScalePlot::table() const
{
    struct Row {
        std::size_t band;
        qint64 channel;
    };
    // The layout is copied: the table must stay what it was when the results change.
    auto bands = std::make_shared<std::vector<ScaleBand>>(m_layout.bands());
    auto names = std::make_shared<QStringList>();
    auto rows = std::make_shared<std::vector<Row>>();
    for (std::size_t i = 0; i < bands->size(); ++i) {
        names->append(layerName(static_cast<int>(i)));
        for (std::size_t channel = 0; channel < (*bands)[i].scales.size(); ++channel)
            rows->push_back({i, static_cast<qint64>(channel)});
    }
    PlotTable table;
    table.headers = {tr("Layer"),      tr("Channel"),         tr("Quantized"),      tr("Scale"),
                     tr("Zero point"), tr("Smallest weight"), tr("Largest weight"), tr("Scale of the whole layer")};
    table.rows = static_cast<qsizetype>(rows->size());
    table.cell = [bands, names, rows](qsizetype row, int column) -> QVariant {
        const Row &at = (*rows)[static_cast<std::size_t>(row)];
        const ScaleBand &band = (*bands)[at.band];
        const LayerQuantization &q = *band.layer->quantization;
        const auto channel = static_cast<std::size_t>(at.channel);
        switch (column) {
        case 0:
            return names->value(static_cast<qsizetype>(at.band));
        case 1:
            return at.channel;
        case 2:
            return band.isQuantized() ? tr("yes") : tr("no");
        case 3:
            return band.scales[channel];
        case 4:
            if (band.hasGroups() || !q.offsets.empty())
                return {};
            return q.zeroPoints.empty() ? 0 : int{q.zeroPoints[q.zeroPoints.size() == 1 ? 0 : channel]};
        case 5:
            return channel < q.channelMin.size() ? QVariant(q.channelMin[channel]) : QVariant();
        case 6:
            return channel < q.channelMax.size() ? QVariant(q.channelMax[channel]) : QVariant();
        default:
            return q.wholeLayerScale;
        }
    };
    return table;
}

PlotAxes ScalePlot::axes() const
{
    return {tr("output channels, layer by layer"), showsSteps() ? tr("scale (step size)") : tr("zero point (code)"),
            false};
}

AxisRange ScalePlot::homeX() const
{
    return {0, m_layout.width()};
}

AxisRange ScalePlot::homeY() const
{
    if (!showsSteps()) {
        const AxisRange codes = m_layout.zeroPointRange();
        const double beyond = std::max(codes.size(), 1e-9) * kBeyondCodes;
        return {codes.lower - beyond, codes.upper + beyond};
    }
    const AxisRange range = m_layout.scaleRange();
    if (range.upper <= 0)
        return isLogarithmic() ? AxisRange{1e-4, 1e-1} : AxisRange{0, 0.1};
    if (!isLogarithmic())
        return {0, std::max(range.upper, m_otherLayout.scaleRange().upper) * 1.08};
    // Whole decades, so that equal scales do not look different, and a change is seen as one.
    return m_grown.value_or(AxisRange{1e-4, 1e-1});
}

void ScalePlot::draw(PlotCanvas &canvas) const
{
    canvas.setLayerMargins(2);
    canvas.setTickers(PlainTicker::Kind::Value, PlainTicker::Kind::Value);
    canvas.plot.xAxis->setTickLabels(false);
    canvas.plot.xAxis->setTickPen(Qt::NoPen);
    canvas.plot.xAxis->grid()->setVisible(false);
    if (canvas.exporting)
        canvas.plot.xAxis->setLabelPadding(QFontMetrics(plotFont()).lineSpacing() * 2 + 8);

    auto *columns = new BandsItem(canvas);
    columns->detailOf = [](qint64 channels) {
        return tr("%1 ch").arg(text::count(static_cast<std::uint64_t>(channels)));
    };
    for (int layer = 0; layer < layerCount(); ++layer) {
        const ScaleBand &band = m_layout.bands()[static_cast<std::size_t>(layer)];
        BandsItem::Band column;
        column.x = band.x;
        column.name = layerName(layer);
        column.count = band.channels;
        column.layer = layer;
        if (!band.hasScales()) {
            column.hatched = band.layer != nullptr;
            column.word = band.layer ? keptWord(*band.layer) : text::pending();
        }
        columns->bands.push_back(std::move(column));
    }
    if (!m_ghost.bands().empty() && canvas.shows(kSeriesBefore))
        new OtherScalesItem(canvas, m_ghost, m_layout, OtherScalesItem::Kind::Ghost);
    new ScaleMarksItem(canvas, m_layout, ScaleMarksItem::Part::Rest);
    if (other() && canvas.shows(kSeriesOther))
        new OtherScalesItem(canvas, m_otherLayout, m_layout, OtherScalesItem::Kind::B);
    if (!canvas.exporting)
        new ScaleMarksItem(canvas, m_layout, ScaleMarksItem::Part::Selected);
}

std::optional<AxisRange> ScalePlot::bandOf(int layer) const
{
    const auto index = static_cast<std::size_t>(layer);
    if (layer < 0 || index >= m_layout.bands().size())
        return std::nullopt;
    return m_layout.bands()[index].x;
}

std::optional<PlotMark> ScalePlot::markOf(int layer, qint64 channel) const
{
    const auto index = static_cast<std::size_t>(layer);
    if (layer < 0 || index >= m_layout.bands().size())
        return std::nullopt;
    if (channel < 0)
        return layerMark(layer);
    if (static_cast<std::size_t>(channel) >= m_layout.bands()[index].scales.size())
        return std::nullopt;
    return channelMark(layer, channel);
}

std::optional<PlotMark> ScalePlot::markAt(QPointF pixel) const
{
    const QRect area = plotArea();
    // The names below belong to their bands.
    if (pixel.x() < area.left() || pixel.x() > area.right() + 1 || pixel.y() < area.top())
        return std::nullopt;
    const double x = coordinatesOf(pixel).x();
    const int layer = m_layout.bandAt(x);
    if (layer < 0)
        return std::nullopt;
    const ScaleBand &band = m_layout.bands()[static_cast<std::size_t>(layer)];
    const AxisRange visible = xRange();
    const bool dots = band.hasScales() && m_layout.channelsIn(visible) <= kMostDots && pixel.y() <= area.bottom() &&
                      isSeriesVisible(band.isQuantized() ? kSeriesChannels : kSeriesExcluded);
    if (!dots)
        return layerMark(layer);
    const qint64 first = band.channelAt(coordinatesOf({pixel.x() - kNear, pixel.y()}).x());
    const qint64 last = band.channelAt(coordinatesOf({pixel.x() + kNear, pixel.y()}).x());
    qint64 nearest = -1;
    double smallest = kNear * kNear;
    for (qint64 channel = first; channel <= last; ++channel) {
        const auto scale = static_cast<double>(band.scales[static_cast<std::size_t>(channel)]);
        if (!std::isfinite(scale) || (scale <= 0 && isLogarithmic()))
            continue;
        QPointF away = pixelOf(band.xOf(channel), scale) - pixel;
        if (band.isDead(channel))
            away.setY(area.bottom() - ScaleMarksItem::kDeadAbove - pixel.y());
        const double distance = QPointF::dotProduct(away, away);
        if (distance <= smallest) {
            smallest = distance;
            nearest = channel;
        }
    }
    return nearest < 0 ? layerMark(layer) : channelMark(layer, nearest);
}

PlotMark ScalePlot::channelMark(int layer, qint64 channel) const
{
    const ScaleBand &band = m_layout.bands()[static_cast<std::size_t>(layer)];
    const LayerQuantization &q = *band.layer->quantization;
    const auto index = static_cast<std::size_t>(channel);
    PlotMark mark{layer, channel, -1, band.xOf(channel), static_cast<double>(band.scales[index]), true, {}, {}};
    const QString head = tr("%1 · channel %2").arg(layerName(layer)).arg(channel);
    const QString scale = scaleText(band, index);
    QString range;
    if (index < q.channelMin.size() && index < q.channelMax.size())
        range =
            tr("range %1")
                .arg(text::range(static_cast<double>(q.channelMin[index]), static_cast<double>(q.channelMax[index])));
    const QString one = band.hasOneScale() ? tr("one scale for the whole layer") : QString();
    QString kept = band.isQuantized() ? QString() : tr("kept in float; this is what it would be");
    if (band.isDead(channel)) {
        kept = tr("dead: all its weights are 0, and any scale would do");
        mark.ring = false; // its mark stands at the foot
        mark.y = yRange().lower;
    }
    mark.box = lines({head, scale, range, one, kept, otherScale(layer, index)});
    mark.status = tr("%1   %2   %3").arg(head, scale, range);
    return mark;
}

QString ScalePlot::scaleText(const ScaleBand &band, std::size_t index) const
{
    const LayerQuantization &q = *band.layer->quantization;
    if (band.hasGroups() && !showsSteps())
        return tr("zero points of %1 groups: %2")
            .arg(q.groupsPerChannel)
            .arg(text::range(static_cast<double>(band.lowest[index]), static_cast<double>(band.highest[index])));
    if (band.hasGroups())
        return tr("%1 scales: %2 … %3, median %4")
            .arg(q.groupsPerChannel)
            .arg(text::scale(static_cast<double>(band.lowest[index])),
                 text::scale(static_cast<double>(band.highest[index])),
                 text::scale(static_cast<double>(band.scales[index])));
    const auto own = [index](const auto &values) { return double(values[values.size() == 1 ? 0 : index]); };
    const QString step = text::scale(own(q.scales));
    const QString zeroPoint = text::integer(q.zeroPoints.empty() ? 0 : std::int64_t(own(q.zeroPoints)));
    return q.offsets.empty() ? tr("scale %1   zero point %2").arg(step, zeroPoint)
                             : tr("scale %1   offset %2").arg(step, text::number(own(q.offsets)));
}

QString ScalePlot::otherScale(int layer, std::size_t channel) const
{
    const auto index = static_cast<std::size_t>(layer);
    if (!other() || index >= m_otherLayout.bands().size())
        return {};
    const ScaleBand &band = m_otherLayout.bands()[index];
    if (!band.isQuantized() || channel >= band.scales.size())
        return {};
    if (!showsSteps())
        return tr("B: zero point %1").arg(text::shortNumber(static_cast<double>(band.scales[channel]), kScaleDigits));
    return tr("B: scale %1").arg(text::scale(static_cast<double>(band.scales[channel])));
}

PlotMark ScalePlot::layerMark(int layer) const
{
    const ScaleBand &band = m_layout.bands()[static_cast<std::size_t>(layer)];
    const AxisRange y = yRange();
    PlotMark mark;
    mark.layer = layer;
    mark.x = (band.x.lower + band.x.upper) / 2;
    mark.y = isLogarithmic() ? std::sqrt(y.lower * y.upper) : (y.lower + y.upper) / 2;
    mark.ring = false;
    const QString name = layerName(layer);
    if (!band.layer) {
        mark.status = tr("%1: not computed yet").arg(name);
        return mark;
    }
    const QString reason = text::words(band.layer->decision.reason);
    if (!band.hasScales()) {
        mark.box = lines({name, keptWord(*band.layer), reason});
        mark.status = reason.isEmpty() ? name : tr("%1: %2").arg(name, reason);
        return mark;
    }
    const LayerQuantization &q = *band.layer->quantization;
    const QString scales =
        tr("scales %1")
            .arg(text::range(static_cast<double>(q.scaleMin), static_cast<double>(q.scaleMax), kScaleDigits));
    const QString whole = tr("one for the whole layer: %1").arg(text::scale(band.wholeLayerScale()));
    const auto &clipped = band.layer->metrics.clippedShare;
    const auto count = static_cast<std::uint64_t>(band.channels);
    const QString channels = tr("%1 channels", nullptr, text::plural(count)).arg(text::count(count));
    mark.status = tr("%1   %2   %3").arg(name, scales, whole);
    if (!band.isQuantized()) {
        mark.box = lines({name, keptWord(*band.layer), reason});
        return mark;
    }
    mark.box = lines({name, channels, scales});
    if (clipped && *clipped > 0)
        mark.status += QStringLiteral("   ") + text::clipped(*clipped, q.scheme);
    return mark;
}

} // namespace qs::ui
