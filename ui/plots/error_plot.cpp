// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/error_plot.h"

#include "ui/plots/bands_item.h"
#include "ui/plots/plot_canvas.h"
#include "ui/plots/point_label_item.h"
#include "ui/text/format.h"

#include <QAction>
#include <QActionGroup>

#include <cmath>
#include <limits>

namespace qs::ui {

namespace {

const QString kSeriesAlone = QStringLiteral("alone");
const QString kSeriesUpToHere = QStringLiteral("upToHere");
constexpr int kMostOutlinedBars = 200; // a pen around more bars is slow
constexpr int kMostSmoothBars = 400;
constexpr double kBarWidth = 0.42;

} // namespace

ErrorPlot::ErrorPlot(Selection *selection, QWidget *parent)
    : LayerPlot(tr("Output error"), selection, parent)
{
    auto *group = new QActionGroup(this);
    const auto add = [&](const QString &name, Order order) {
        QAction *action = group->addAction(name);
        action->setCheckable(true);
        action->setChecked(order == m_order);
        action->setData(static_cast<int>(order));
        addToolsAction(action);
        connect(action, &QAction::triggered, this, [this, order] { setOrder(order); });
    };
    add(tr("In the order of the network"), Order::Network);
    add(tr("Largest error first"), Order::LargestFirst);
    setLogarithmic(true);
}

void ErrorPlot::setOrder(Order order)
{
    if (m_order == order)
        return;
    m_order = order;
    for (QAction *action : toolsMenu()->actions())
        if (action->actionGroup() && action->data().toInt() == static_cast<int>(order))
            action->setChecked(true);
    rebuild();
}

QList<PlotSeries> ErrorPlot::series() const
{
    QList<PlotSeries> list{{kSeriesAlone, barName(), Glyph::Bar, &Theme::schemeA}};
    if (m_kind == Kind::Alone || m_kind == Kind::Pending)
        list.append({kSeriesUpToHere, tr("up to here"), Glyph::LineWithDots, &Theme::schemeA});
    return list;
}

PlotAxes ErrorPlot::axes() const
{
    return {tr("layers"), tr("relative error"), false};
}

AxisRange ErrorPlot::homeX() const
{
    return {-0.5, std::max(0.5, static_cast<double>(m_columns.size()) - 0.5)};
}

AxisRange ErrorPlot::valueRange() const
{
    AxisRange range{std::numeric_limits<double>::infinity(), 0};
    const auto include = [&range](double share) {
        if (!std::isfinite(share) || share <= 0)
            return;
        range.lower = std::min(range.lower, share * 100);
        range.upper = std::max(range.upper, share * 100);
    };
    for (const Column &column : m_columns) {
        if (column.state == State::Value)
            include(column.value);
        include(column.upToHere.value_or(0));
    }
    return range.upper > 0 ? range : AxisRange{0.1, 10};
}

AxisRange ErrorPlot::homeY() const
{
    const AxisRange values = valueRange();
    if (!isLogarithmic())
        return {0, values.upper * 1.1};
    // Down to the half decade below, so that the smallest bar can still be seen as a bar.
    const double lower = std::pow(10.0, std::floor(std::log10(values.lower) * 2) / 2) * 0.7;
    return {lower, std::max(values.upper * 1.6, lower * 10)};
}

void ErrorPlot::draw(PlotCanvas &canvas) const
{
    canvas.setLayerMargins(1);
    canvas.setTickers(PlainTicker::Kind::Value, PlainTicker::Kind::Percent);
    QCustomPlot &plot = canvas.plot;
    plot.xAxis->setTickLabels(false);
    plot.xAxis->setTickPen(Qt::NoPen);
    plot.xAxis->grid()->setVisible(false);
    plot.yAxis->grid()->setSubGridVisible(false);
    if (canvas.exporting)
        plot.xAxis->setLabelPadding(QFontMetrics(plotFont()).lineSpacing() + 8);

    auto *bands = new BandsItem(canvas);
    QVector<double> barX, barY, lineX, lineY;
    std::optional<QPointF> total;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const Column &column = m_columns[i];
        const auto x = static_cast<double>(i);
        BandsItem::Band band;
        band.x = {x - 0.5, x + 0.5};
        band.name = layerName(column.layer);
        band.word = column.word;
        band.hatched = column.state == State::Kept;
        band.layer = column.layer;
        bands->bands.push_back(std::move(band));
        if (column.state == State::Value) {
            barX << x;
            barY << column.value * 100;
        }
        if (column.upToHere && (*column.upToHere > 0 || !canvas.logarithmic)) {
            lineX << x;
            lineY << *column.upToHere * 100;
            if (column.isTotal)
                total = QPointF(lineX.last(), lineY.last());
        }
    }
    const QColor colour = canvas.theme.schemeA;
    if (canvas.shows(kSeriesAlone)) {
        QCPBars *bars = canvas.addBars(barX, barY, homeY().lower);
        bars->setWidth(kBarWidth);
        bars->setPen(barX.size() > kMostOutlinedBars ? QPen(Qt::NoPen) : QPen(colour, 1.2));
        const bool few = barX.size() <= kMostSmoothBars;
        bars->setAntialiasedFill(few);
        QColor fill = colour;
        // Thousands of translucent rectangles take several times as long.
        fill.setAlphaF(few ? 0.86f : 1.0f);
        bars->setBrush(fill);
    }
    if (canvas.shows(kSeriesUpToHere) && !lineX.isEmpty()) {
        QCPGraph *line = plot.addGraph();
        line->setData(lineX, lineY, true);
        line->setPen(QPen(colour, 2));
        // Sorted by size the points have no order that a line could stand for.
        if (m_order == Order::LargestFirst)
            line->setLineStyle(QCPGraph::lsNone);
        if (lineX.size() <= kMostOutlinedBars)
            line->setScatterStyle(
                QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colour, 2), QBrush(canvas.theme.panel), 8));
        if (total)
            new PointLabelItem(canvas, *total, tr("total %1").arg(text::percent(total->y() / 100)));
    }
}

std::optional<AxisRange> ErrorPlot::bandOf(int layer) const
{
    const auto index = static_cast<std::size_t>(layer);
    if (layer < 0 || index >= m_position.size())
        return std::nullopt;
    return AxisRange{m_position[index] - 0.5, m_position[index] + 0.5};
}

std::optional<PlotMark> ErrorPlot::markOf(int layer, qint64) const
{
    const auto index = static_cast<std::size_t>(layer);
    if (layer < 0 || index >= m_position.size())
        return std::nullopt;
    PlotMark mark = markFor(static_cast<std::size_t>(m_position[index]));
    mark.ring = false;
    return mark;
}

std::optional<PlotMark> ErrorPlot::markAt(QPointF pixel) const
{
    const QRect area = plotArea();
    if (pixel.x() < area.left() || pixel.x() > area.right() + 1 || pixel.y() < area.top())
        return std::nullopt;
    const double x = std::round(coordinatesOf(pixel).x());
    if (x < 0 || x >= static_cast<double>(m_columns.size()))
        return std::nullopt;
    return markFor(static_cast<std::size_t>(x));
}

PlotMark ErrorPlot::markFor(std::size_t position) const
{
    const Column &column = m_columns[position];
    const AxisRange y = yRange();
    PlotMark mark;
    mark.layer = column.layer;
    mark.x = static_cast<double>(position);
    mark.y = isLogarithmic() ? std::sqrt(y.lower * y.upper) : (y.lower + y.upper) / 2;
    mark.ring = false;
    QStringList lines{layerName(column.layer)};
    if (column.state == State::Value) {
        mark.y = column.value * 100;
        mark.ring = isSeriesVisible(kSeriesAlone);
        lines << tr("%1: %2").arg(barName(), text::percent(column.value));
    } else if (column.state == State::Exact) {
        lines << tr("%1: %2").arg(barName(), column.word);
    } else if (column.reason.isEmpty()) {
        lines << column.word;
    } else {
        lines << tr("%1: %2").arg(column.word, column.reason);
    }
    if (column.upToHere)
        lines << tr("up to here: %1").arg(text::percent(column.upToHere, *column.upToHere == 0));
    mark.box = lines.join(u'\n');
    mark.status = lines.join(QStringLiteral("   "));
    return mark;
}

} // namespace qs::ui
