// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/ratio_plot.h"

#include "ui/plots/bands_item.h"
#include "ui/plots/plot_canvas.h"
#include "ui/text/format.h"

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr double kBarWidth = 0.5;
constexpr qsizetype kMostOutlinedBars = 200;
const QString kSeriesWorse = QStringLiteral("worse");
const QString kSeriesBetter = QStringLiteral("better");

} // namespace

RatioPlot::RatioPlot(Selection *selection, QWidget *parent)
    : LayerPlot(tr("Error of B / error of A"), selection, parent)
{
    setProperty("explains", QStringLiteral("layer.ratio"));
    setLogarithmic(true);
}

void RatioPlot::setRatios(std::vector<std::optional<double>> ratios, const QString &what)
{
    m_ratios = std::move(ratios);
    setSubtitle(what);
    refresh();
}

void RatioPlot::rebuild()
{
    refresh();
}

QString RatioPlot::message() const
{
    const bool any = std::ranges::any_of(m_ratios, [](const auto &ratio) { return ratio.has_value(); });
    return any ? QString() : tr("No layer has an error in both.");
}

QString RatioPlot::summary() const
{
    const auto worse = std::ranges::count_if(m_ratios, [](const auto &ratio) { return ratio && *ratio > 1; });
    return tr("%n layers, %1 of them worse in B", nullptr, text::plural(m_ratios.size())).arg(worse);
}

QList<PlotSeries> RatioPlot::series() const
{
    return {{kSeriesWorse, tr("B is worse"), Glyph::DottedBar, &Theme::schemeB},
            {kSeriesBetter, tr("A is worse"), Glyph::Bar, &Theme::schemeA}};
}

PlotTable RatioPlot::table() const
{
    PlotTable table;
    table.headers = {tr("Layer"), tr("B / A")};
    table.rows = static_cast<qsizetype>(m_ratios.size());
    QStringList names;
    for (std::size_t i = 0; i < m_ratios.size(); ++i)
        names << layerName(static_cast<int>(i));
    table.cell = [ratios = m_ratios, names](qsizetype row, int column) -> QVariant {
        const auto &ratio = ratios[static_cast<std::size_t>(row)];
        return column == 0 ? QVariant(names[row]) : ratio ? QVariant(*ratio) : QVariant();
    };
    return table;
}

PlotAxes RatioPlot::axes() const
{
    return {tr("layers"), tr("B / A"), false};
}

AxisRange RatioPlot::homeX() const
{
    return {-0.5, std::max(0.5, static_cast<double>(m_ratios.size()) - 0.5)};
}

AxisRange RatioPlot::homeY() const
{
    double largest = 1;
    double smallest = 1;
    for (const auto &ratio : m_ratios) {
        largest = std::max(largest, ratio.value_or(1));
        smallest = std::min(smallest, ratio.value_or(1));
    }
    if (!isLogarithmic())
        return {0, largest * 1.15};
    // The same way up and down from 1, so that twice as bad and twice as good look alike.
    const double reach = std::max({largest, 1 / smallest, 1.25}) * 1.3;
    return {1 / reach, reach};
}

void RatioPlot::draw(PlotCanvas &canvas) const
{
    canvas.setLayerMargins(1);
    canvas.setTickers(PlainTicker::Kind::Value, PlainTicker::Kind::Value);
    canvas.plot.xAxis->setTickLabels(false);
    canvas.plot.xAxis->setTickPen(Qt::NoPen);
    canvas.plot.xAxis->grid()->setVisible(false);
    auto *bands = new BandsItem(canvas);
    QVector<double> worseX, worseY, betterX, betterY;
    for (std::size_t i = 0; i < m_ratios.size(); ++i) {
        const auto x = static_cast<double>(i);
        BandsItem::Band band;
        band.x = {x - 0.5, x + 0.5};
        band.name = layerName(static_cast<int>(i));
        band.layer = static_cast<int>(i);
        if (!m_ratios[i])
            band.word = text::none();
        bands->bands.push_back(std::move(band));
        if (m_ratios[i] && *m_ratios[i] > 1) {
            worseX << x;
            worseY << *m_ratios[i];
        } else if (m_ratios[i]) {
            betterX << x;
            betterY << *m_ratios[i];
        }
    }
    const auto add = [&](const QVector<double> &x, QVector<double> y, const QColor &colour, Qt::BrushStyle style) {
        // From 1 up or down.
        for (double &value : y)
            value -= 1;
        auto *bars = new QCPBars(canvas.plot.xAxis, canvas.plot.yAxis);
        bars->setBaseValue(1);
        bars->setData(x, y, true);
        bars->setWidth(kBarWidth);
        const bool many = x.size() > kMostOutlinedBars;
        bars->setPen(many ? QPen(Qt::NoPen) : QPen(colour, 1.2));
        bars->setBrush(QBrush(colour, many ? Qt::SolidPattern : style));
        bars->setAntialiasedFill(!many);
    };
    if (canvas.shows(kSeriesWorse))
        add(worseX, worseY, canvas.theme.schemeB, Qt::Dense4Pattern);
    if (canvas.shows(kSeriesBetter))
        add(betterX, betterY, canvas.theme.schemeA, Qt::SolidPattern);
    QCPGraph *line = canvas.plot.addGraph();
    const AxisRange all = homeX();
    line->setData({all.lower, all.upper}, {1, 1}, true);
    line->setPen(QPen(canvas.theme.text, 1.2));
}

std::optional<AxisRange> RatioPlot::bandOf(int layer) const
{
    if (layer < 0 || static_cast<std::size_t>(layer) >= m_ratios.size())
        return std::nullopt;
    return AxisRange{layer - 0.5, layer + 0.5};
}

std::optional<PlotMark> RatioPlot::markAt(QPointF pixel) const
{
    const QRect area = plotArea();
    const double x = std::round(coordinatesOf(pixel).x());
    if (pixel.x() < area.left() || pixel.x() > area.right() + 1 || pixel.y() < area.top() || x < 0 ||
        x >= static_cast<double>(m_ratios.size()))
        return std::nullopt;
    PlotMark mark;
    mark.layer = static_cast<int>(x);
    mark.x = x;
    const auto &ratio = m_ratios[static_cast<std::size_t>(x)];
    mark.y = ratio.value_or(1);
    mark.ring = ratio.has_value();
    mark.status = ratio ? tr("%1: the error of B is %2 that of A").arg(layerName(mark.layer), text::times(*ratio))
                        : tr("%1: no error in both").arg(layerName(mark.layer));
    mark.box = mark.status;
    return mark;
}

} // namespace qs::ui
