// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/error_plot.h"

#include "ui/plots/bands_item.h"
#include "ui/plots/bar_marks_item.h"
#include "ui/plots/mark_scale.h"
#include "ui/plots/plot_canvas.h"
#include "ui/text/format.h"

#include <cmath>
#include <limits>

namespace qs::ui {

namespace {

const QString kSeriesAlone = QStringLiteral("alone");
const QString kSeriesUpToHere = QStringLiteral("upToHere");
const QString kSeriesBefore = QStringLiteral("before");
const QString kSeriesOther = QStringLiteral("other");
const QString kSeriesOtherUpToHere = QStringLiteral("otherUpToHere");
constexpr double kSameShare = 0.005;   // of a value: less is no change that can be seen
constexpr int kMostOutlinedBars = 200; // a pen around more bars is slow
constexpr int kMostSmoothBars = 400;
constexpr double kBarWidth = 0.42;
constexpr double kBesideWidth = 0.32; // of two bars in one column

} // namespace

/// What all columns come to.
struct ErrorPlot::Drawn {
    Points bars, line, otherBars, otherLine;
    std::vector<BarMarksItem::Bar> marks;
};

ErrorPlot::ErrorPlot(Selection *selection, QWidget *parent)
    : LayerPlot(tr("Output error"), selection, parent)
{
    setProperty("explains", QStringLiteral("layer.error"));
    addMenu();
    setLogarithmic(true);
}

QList<PlotSeries> ErrorPlot::series() const
{
    QList<PlotSeries> list{{kSeriesAlone, barName(), Glyph::Bar, &Theme::schemeA}};
    if (showsError() && (m_kind == Kind::Alone || m_kind == Kind::Pending))
        list.append({kSeriesUpToHere, tr("up to here"), Glyph::LineWithDots, &Theme::schemeA});
    if (hasOther()) {
        list.append({kSeriesOther, tr("B, %1").arg(barName()), Glyph::DottedBar, &Theme::schemeB});
        if (showsError() && m_kind == Kind::Alone)
            list.append({kSeriesOtherUpToHere, tr("B, up to here"), Glyph::LineWithSquares, &Theme::schemeB});
    }
    if (!m_ghost.empty())
        list.append({kSeriesBefore, tr("before"), Glyph::DashedLine, &Theme::text});
    return list;
}

AxisRange ErrorPlot::homeX() const
{
    return {-0.5, std::max(0.5, static_cast<double>(m_columns.size()) - 0.5)};
}

void ErrorPlot::keepGhost()
{
    std::vector<std::optional<double>> ghost(m_columns.size());
    bool any = false;
    for (const Column &column : m_columns) {
        if (column.state == State::Pending)
            return; // half of a state says nothing
        if (column.state == State::Value)
            ghost[static_cast<std::size_t>(column.layer)] = column.value;
        any = any || column.state == State::Value;
    }
    if (!any)
        return;
    m_ghost = std::move(ghost);
    refresh();
}

bool ErrorPlot::isOther(double before, const Column &column)
{
    return column.state != State::Value || std::abs(before - column.value) > kSameShare * column.value;
}

std::optional<double> ErrorPlot::ghostOf(const Column &column) const
{
    const auto index = static_cast<std::size_t>(column.layer);
    return index < m_ghost.size() ? m_ghost[index] : std::nullopt;
}

AxisRange ErrorPlot::valueRange() const
{
    AxisRange range{std::numeric_limits<double>::infinity(), 0};
    const auto include = [this, &range](double share) {
        if (!std::isfinite(share) || share <= 0)
            return;
        range.lower = std::min(range.lower, share * factor());
        range.upper = std::max(range.upper, share * factor());
    };
    for (const Column &column : m_columns) {
        if (column.state == State::Value)
            include(column.value);
        include(column.upToHere.value_or(0));
        include(ghostOf(column).value_or(0));
        include(column.other.value_or(0));
        include(column.otherUpToHere.value_or(0));
    }
    return range.upper > 0 ? range : AxisRange{0.1, 10};
}

AxisRange ErrorPlot::decades() const
{
    const AxisRange values = valueRange();
    // A little more on either side, so that the smallest bar is a bar and the largest has room for its number.
    const double lower = std::pow(10.0, std::floor(std::log10(values.lower * 0.8)));
    const double upper = std::pow(10.0, std::ceil(std::log10(values.upper * 1.6)));
    return {lower, std::max(upper, lower * 10)};
}

void ErrorPlot::aboutToShowAll()
{
    m_grown = decades();
}

AxisRange ErrorPlot::homeY() const
{
    if (!isLogarithmic())
        return {0, valueRange().upper * 1.2};
    return m_grown.value_or(decades());
}

void ErrorPlot::draw(PlotCanvas &canvas) const
{
    canvas.setLayerMargins(1);
    canvas.setTickers(PlainTicker::Kind::Value, factor() == 1 ? PlainTicker::Kind::Value : PlainTicker::Kind::Percent);
    QCustomPlot &plot = canvas.plot;
    plot.xAxis->setTickLabels(false);
    plot.xAxis->setTickPen(Qt::NoPen);
    plot.xAxis->grid()->setVisible(false);
    plot.yAxis->grid()->setSubGridVisible(false);
    if (canvas.exporting)
        plot.xAxis->setLabelPadding(QFontMetrics(plotFont()).lineSpacing() + 8);

    auto *bands = new BandsItem(canvas);
    Drawn drawn;
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
        collect(column, x, canvas, drawn);
    }
    if (canvas.shows(kSeriesAlone))
        drawBars(canvas, drawn.bars);
    if (hasOther())
        drawOther(canvas, drawn.otherBars, drawn.otherLine);
    if (canvas.shows(kSeriesUpToHere) && !drawn.line.x.isEmpty())
        drawLine(canvas, drawn.line);
    (new BarMarksItem(canvas, barWidth()))->bars = std::move(drawn.marks); // on top of the bars
}

void ErrorPlot::collect(const Column &column, double x, const PlotCanvas &canvas, Drawn &drawn) const
{
    BarMarksItem::Bar mark{.x = x - barShift()};
    mark.besideAnother = hasOther();
    if (column.state == State::Value) {
        drawn.bars.x << mark.x;
        drawn.bars.y << column.value * factor();
        mark.value = column.value * factor();
        if (m_columns.size() <= static_cast<std::size_t>(kMostOutlinedBars) && canvas.shows(kSeriesAlone))
            mark.number = valueText(column.value);
    }
    if (const auto ghost = ghostOf(column); ghost && canvas.shows(kSeriesBefore) && isOther(*ghost, column))
        mark.before = *ghost * factor();
    if (column.upToHere && (*column.upToHere > 0 || !canvas.logarithmic)) {
        drawn.line.x << x;
        drawn.line.y << *column.upToHere * factor();
        if (canvas.shows(kSeriesUpToHere))
            mark.point = drawn.line.y.last();
        if (column.isTotal && mark.point)
            mark.total = tr("total %1").arg(text::percent(*column.upToHere));
    }
    if (column.other && *column.other > 0) {
        drawn.otherBars.x << x + barShift();
        drawn.otherBars.y << *column.other * factor();
    }
    if (column.otherUpToHere && *column.otherUpToHere > 0) {
        drawn.otherLine.x << x;
        drawn.otherLine.y << *column.otherUpToHere * factor();
    }
    drawn.marks.push_back(std::move(mark));
}

bool ErrorPlot::hasOther() const
{
    return other() && (!showsError() || shownErrorKind(*other()) == m_kind);
}

double ErrorPlot::barWidth() const
{
    return hasOther() ? kBesideWidth : kBarWidth;
}

double ErrorPlot::barShift() const
{
    return hasOther() ? kBesideWidth / 2 + 0.02 : 0;
}

void ErrorPlot::drawOther(PlotCanvas &canvas, const Points &bars, const Points &line) const
{
    const QColor colour = canvas.theme.schemeB;
    if (canvas.shows(kSeriesOther) && !bars.x.isEmpty()) {
        QCPBars *drawn = canvas.addBars(bars.x, bars.y, homeY().lower);
        drawn->setWidth(barWidth());
        const bool many = bars.x.size() > kMostOutlinedBars;
        drawn->setPen(many ? QPen(Qt::NoPen) : QPen(colour, 1.2, Qt::DotLine));
        // A pattern in thousands of narrow bars is a grey that costs much.
        drawn->setBrush(many ? QBrush(colour) : QBrush(colour, Qt::Dense4Pattern));
        drawn->setAntialiasedFill(!many);
    }
    if (!canvas.shows(kSeriesOtherUpToHere) || line.x.isEmpty())
        return;
    QCPGraph *drawn = canvas.plot.addGraph();
    drawn->setData(line.x, line.y, true);
    drawn->setPen(QPen(colour, scaled(2), Qt::DotLine));
    if (m_order == Order::LargestFirst)
        drawn->setLineStyle(QCPGraph::lsNone);
    if (line.x.size() <= kMostOutlinedBars)
        drawn->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(colour, scaled(1.6)),
                                               QBrush(canvas.theme.panel), scaled(7)));
}

void ErrorPlot::drawBars(PlotCanvas &canvas, const Points &points) const
{
    const auto &[x, y] = points;
    const QColor colour = canvas.theme.schemeA;
    QCPBars *bars = canvas.addBars(x, y, homeY().lower);
    bars->setWidth(barWidth());
    bars->setPen(x.size() > kMostOutlinedBars ? QPen(Qt::NoPen) : QPen(colour, 1.2));
    bars->setAntialiasedFill(x.size() <= kMostSmoothBars);
    // Numbers stand inside, so nothing may shine through.
    bars->setBrush(colour);
}

void ErrorPlot::drawLine(PlotCanvas &canvas, const Points &points) const
{
    const auto &[x, y] = points;
    const QColor colour = canvas.theme.schemeA;
    QCPGraph *line = canvas.plot.addGraph();
    line->setData(x, y, true);
    line->setPen(QPen(colour, scaled(2)));
    // Sorted by size the points have no order that a line could stand for.
    if (m_order == Order::LargestFirst)
        line->setLineStyle(QCPGraph::lsNone);
    if (x.size() <= kMostOutlinedBars)
        line->setScatterStyle(
            QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colour, scaled(2)), QBrush(canvas.theme.panel), scaled(8)));
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
        mark.y = column.value * factor();
        mark.ring = isSeriesVisible(kSeriesAlone);
        lines << tr("%1: %2").arg(barName(), valueText(column.value));
    } else if (column.state == State::Exact) {
        lines << tr("%1: %2").arg(barName(), column.word);
    } else if (column.reason.isEmpty()) {
        lines << column.word;
    } else {
        lines << tr("%1: %2").arg(column.word, column.reason);
    }
    if (const auto ghost = ghostOf(column); ghost && isOther(*ghost, column))
        lines << tr("before: %1").arg(valueText(*ghost));
    if (column.other)
        lines << tr("B: %1").arg(*column.other == 0 ? text::exact() : valueText(*column.other));
    if (column.upToHere)
        lines << tr("up to here: %1").arg(text::percent(column.upToHere, *column.upToHere == 0));
    mark.box = lines.join(u'\n');
    mark.status = lines.join(QStringLiteral("   "));
    return mark;
}

} // namespace qs::ui
