// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/channel_plots.h"

#include "ui/plots/channel_marks_item.h"
#include "ui/plots/mark_scale.h"
#include "ui/plots/plot_canvas.h"
#include "ui/text/format.h"

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

const QString kSeriesLimits = QStringLiteral("limits");
const QString kSeriesEven = QStringLiteral("even");
constexpr double kRoom = 1.08;
/// √mean(e²) of errors spread evenly over one step: 1/√12.
constexpr double kEvenRounding = 0.28867513459481287;

/// Columns by the number of the channel that stands there, in whatever order.
class ChannelTicker final : public QCPAxisTicker
{
public:
    explicit ChannelTicker(std::shared_ptr<const ChannelOrder> order)
        : m_order(std::move(order))
    {}

protected:
    double getTickStep(const QCPRange &range) override { return std::ceil(QCPAxisTicker::getTickStep(range)); }
    QString getTickLabel(double tick, const QLocale &, QChar, int) override
    {
        const double column = std::round(tick);
        const auto count = static_cast<double>(m_order->channels.size());
        return column >= 0 && column < count
                   ? text::count(m_order->numberOf(m_order->channels[static_cast<std::size_t>(column)]))
                   : QString();
    }

private:
    std::shared_ptr<const ChannelOrder> m_order;
};

} // namespace

std::size_t ChannelOrder::columnOf(qint64 channel, qint64 group) const
{
    if (groupsOf && channel != static_cast<qint64>(*groupsOf))
        return channels.size();
    const qint64 number = groupsOf ? group : channel;
    const auto found = std::ranges::find(channels, static_cast<std::size_t>(number));
    return number < 0 ? channels.size() : static_cast<std::size_t>(found - channels.begin());
}

void ChannelPlot::setChannels(std::shared_ptr<const ChannelOrder> order, const QString &subtitle)
{
    const bool same = m_order && order && m_order->layer == order->layer && m_order->groupsOf == order->groupsOf;
    m_order = std::move(order);
    setTitle(titleFor(showsGroups()));
    setSubtitle(subtitle);
    refresh();
    if (!same)
        resetZoom();
}

QString ChannelPlot::message() const
{
    return m_order && !m_order->rows.empty() ? QString() : emptyMessage();
}

AxisRange ChannelPlot::homeX() const
{
    return {-0.5, m_order ? std::max(0.5, static_cast<double>(m_order->channels.size()) - 0.5) : 0.5};
}

PlotMark ChannelPlot::markFor(std::size_t column) const
{
    const std::size_t channel = m_order->channels[column];
    const ChannelRow &row = m_order->rows[channel];
    PlotMark mark;
    mark.layer = m_order->layer;
    mark.channel = static_cast<qint64>(m_order->groupsOf.value_or(channel));
    mark.group = showsGroups() ? static_cast<qint64>(channel) : -1;
    mark.x = static_cast<double>(column);
    mark.y = markHeight(row);
    QStringList lines{showsGroups() ? tr("channel %1, group %2").arg(*m_order->groupsOf).arg(m_order->numberOf(channel))
                                    : tr("channel %1").arg(channel)};
    if (row.dead) {
        lines << tr("dead: all its weights are 0");
    } else {
        lines << tr("weights %1").arg(text::range(static_cast<double>(row.min), static_cast<double>(row.max)))
              << tr("codes reach %1").arg(text::range(row.clipLow, row.clipHigh))
              << tr("scale %1").arg(text::scale(static_cast<double>(row.scale)));
        if (row.rmsSteps)
            lines << tr("error %1 steps").arg(text::number(static_cast<double>(*row.rmsSteps), 3));
    }
    mark.box = lines.join(u'\n');
    mark.status = lines.join(QStringLiteral("   "));
    return mark;
}

std::optional<PlotMark> ChannelPlot::markAt(QPointF pixel) const
{
    if (!plotArea().contains(pixel.toPoint()))
        return std::nullopt;
    const double column = std::round(coordinatesOf(pixel).x());
    if (column < 0 || column >= static_cast<double>(m_order->channels.size()))
        return std::nullopt;
    return markFor(static_cast<std::size_t>(column));
}

std::optional<PlotMark> ChannelPlot::markOf(int layer, qint64 channel) const
{
    if (!m_order || layer != m_order->layer)
        return std::nullopt;
    const std::size_t column = m_order->columnOf(channel);
    return column < m_order->channels.size() ? std::optional(markFor(column)) : std::nullopt;
}

QString ChannelPlot::xName() const
{
    return showsGroups() ? tr("groups of channel %1").arg(*m_order->groupsOf) : tr("channels");
}

ChannelRangePlot::ChannelRangePlot(Selection *selection, QWidget *parent)
    : ChannelPlot(tr("Range of every channel"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.channels"));
    setEmptyMessage(tr("Select a layer to see the range of each of its channels."));
}

QString ChannelRangePlot::titleFor(bool groups) const
{
    return groups ? tr("Range of every group") : tr("Range of every channel");
}

QString ChannelRangePlot::summary() const
{
    const auto dead = std::ranges::count_if(order()->rows, &ChannelRow::dead);
    const auto clipped = std::ranges::count_if(order()->rows, &ChannelRow::clipped);
    const QString counts =
        showsGroups() ? tr("%1 groups, %2 clipped, %3 dead") : tr("%1 channels, %2 clipped, %3 dead");
    return counts.arg(order()->rows.size()).arg(clipped).arg(dead);
}

QList<PlotSeries> ChannelRangePlot::series() const
{
    return {{QStringLiteral("ranges"), tr("weights"), Glyph::Bar, &Theme::schemeA},
            {kSeriesLimits, tr("beyond the codes"), Glyph::Bar, &Theme::warning}};
}

PlotTable ChannelRangePlot::table() const
{
    PlotTable table;
    table.headers = {showsGroups() ? tr("Group") : tr("Channel"),
                     tr("Smallest weight"),
                     tr("Largest weight"),
                     tr("Smallest value"),
                     tr("Largest value"),
                     tr("Scale")};
    if (!order())
        return table;
    table.rows = static_cast<qsizetype>(order()->channels.size());
    table.cell = [order = order()](qsizetype row, int column) -> QVariant {
        const std::size_t channel = order->channels[static_cast<std::size_t>(row)];
        const ChannelRow &at = order->rows[channel];
        switch (column) {
        case 0:
            return static_cast<qulonglong>(order->numberOf(channel));
        case 1:
            return at.min;
        case 2:
            return at.max;
        case 3:
            return at.clipLow;
        case 4:
            return at.clipHigh;
        default:
            return at.scale;
        }
    };
    return table;
}

PlotAxes ChannelRangePlot::axes() const
{
    return {xName(), tr("weight"), true};
}

AxisRange ChannelRangePlot::homeY() const
{
    if (!order() || order()->rows.empty())
        return {-1, 1};
    double low = 0;
    double high = 0;
    for (const ChannelRow &row : order()->rows) {
        if (row.dead)
            continue;
        low = std::min({low, static_cast<double>(row.min), row.clipLow});
        high = std::max({high, static_cast<double>(row.max), row.clipHigh});
    }
    return high > low ? AxisRange{low * kRoom, high * kRoom} : AxisRange{-1, 1};
}

void ChannelRangePlot::draw(PlotCanvas &canvas) const
{
    canvas.setLayerMargins(1);
    canvas.setTickers(PlainTicker::Kind::Count, PlainTicker::Kind::Value);
    canvas.plot.xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ChannelTicker(order())));
    canvas.plot.xAxis->grid()->setVisible(false);
    if (canvas.shows(QStringLiteral("ranges")))
        new ChannelMarksItem(canvas, order(), false);
}

ChannelErrorPlot::ChannelErrorPlot(Selection *selection, QWidget *parent)
    : ChannelPlot(tr("Rounding error of every channel"), selection, parent)
{
    setProperty("explains", QStringLiteral("channel.rmse"));
    setEmptyMessage(tr("Select a layer to see the error of each of its channels."));
}

QString ChannelErrorPlot::titleFor(bool groups) const
{
    return groups ? tr("Rounding error of every group") : tr("Rounding error of every channel");
}

QString ChannelErrorPlot::message() const
{
    const QString sentence = ChannelPlot::message();
    if (!sentence.isEmpty())
        return sentence;
    if (std::ranges::none_of(order()->rows, [](const ChannelRow &row) { return row.rmsSteps.has_value(); }))
        return tr("The file holds codes and no float weights to compare them with, so the error is unknown.");
    return {};
}

double ChannelErrorPlot::largest() const
{
    double most = 0;
    for (const ChannelRow &row : order()->rows)
        if (const auto steps = static_cast<double>(row.rmsSteps.value_or(0)); std::isfinite(steps))
            most = std::max(most, steps);
    return most;
}

QString ChannelErrorPlot::summary() const
{
    const QString sentence =
        showsGroups() ? tr("%1 groups, largest error %2 steps") : tr("%1 channels, largest error %2 steps");
    return sentence.arg(order()->rows.size()).arg(text::number(largest(), 3));
}

QList<PlotSeries> ChannelErrorPlot::series() const
{
    return {{QStringLiteral("errors"), tr("error"), Glyph::Bar, &Theme::schemeA},
            {kSeriesEven, tr("rounding alone, 0.289"), Glyph::DashedLine, &Theme::text}};
}

PlotTable ChannelErrorPlot::table() const
{
    PlotTable table;
    table.headers = {showsGroups() ? tr("Group") : tr("Channel"), tr("Error in steps")};
    if (!order())
        return table;
    table.rows = static_cast<qsizetype>(order()->channels.size());
    table.cell = [order = order()](qsizetype row, int column) -> QVariant {
        const std::size_t channel = order->channels[static_cast<std::size_t>(row)];
        if (column == 0)
            return static_cast<qulonglong>(order->numberOf(channel));
        const auto &steps = order->rows[channel].rmsSteps;
        return steps ? QVariant(*steps) : QVariant();
    };
    return table;
}

PlotAxes ChannelErrorPlot::axes() const
{
    return {xName(), tr("√mean(e²) in steps"), true};
}

AxisRange ChannelErrorPlot::homeY() const
{
    const double top = order() ? std::max(largest(), kEvenRounding) : 1;
    return {0, top * kRoom * 1.05};
}

void ChannelErrorPlot::draw(PlotCanvas &canvas) const
{
    canvas.setLayerMargins(1);
    canvas.setTickers(PlainTicker::Kind::Count, PlainTicker::Kind::Value);
    canvas.plot.xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ChannelTicker(order())));
    canvas.plot.xAxis->grid()->setVisible(false);
    if (canvas.shows(QStringLiteral("errors")))
        new ChannelMarksItem(canvas, order(), true);
    if (!canvas.shows(kSeriesEven))
        return;
    QCPGraph *even = canvas.plot.addGraph();
    even->setData({homeX().lower, homeX().upper}, {kEvenRounding, kEvenRounding}, true);
    even->setPen(QPen(canvas.theme.text, scaled(1.3), Qt::DashLine, Qt::FlatCap));
}

} // namespace qs::ui
