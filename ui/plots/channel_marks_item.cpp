// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/channel_marks_item.h"

#include "ui/plots/mark_scale.h"

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr double kBarShare = 0.7;   // of a column
constexpr double kNarrow = 3;       // pixels: bars without a gap between them
constexpr double kHollowMark = 3.5; // radius of the mark of a dead channel

} // namespace

ChannelMarksItem::ChannelMarksItem(PlotCanvas &canvas, std::shared_ptr<const ChannelOrder> order, bool errors)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_order(std::move(order))
    , m_errors(errors)
    , m_showsLimits(canvas.shows(QStringLiteral("limits")))
    , m_selected(canvas.selectedLayer == m_order->layer ? m_order->columnOf(canvas.selectedChannel, canvas.selectedGroup)
                                                        : m_order->channels.size())
    , m_theme(canvas.theme)
{
    setClipToAxisRect(true);
}

ChannelMarksItem::Extent ChannelMarksItem::extentOf(std::size_t first, std::size_t last) const
{
    Extent all;
    for (std::size_t column = first; column < last; ++column) {
        const ChannelRow &row = m_order->rows[m_order->channels[column]];
        const double low = m_errors ? 0 : static_cast<double>(row.min);
        const double high = m_errors ? static_cast<double>(row.rmsSteps.value_or(0)) : static_cast<double>(row.max);
        all.low = column == first ? low : std::min(all.low, low);
        all.high = column == first ? high : std::max(all.high, high);
        all.clipLow = column == first ? row.clipLow : std::max(all.clipLow, row.clipLow);
        all.clipHigh = column == first ? row.clipHigh : std::min(all.clipHigh, row.clipHigh);
        all.isDead = all.isDead && row.dead;
    }
    return all;
}

void ChannelMarksItem::draw(QCPPainter *painter)
{
    const QRect rect = area();
    const auto count = static_cast<double>(m_order->channels.size());
    const QCPRange range = parentPlot()->xAxis->range();
    const auto first = static_cast<std::size_t>(std::clamp(std::floor(range.lower + 0.5), 0.0, count));
    const auto last = static_cast<std::size_t>(std::clamp(std::ceil(range.upper + 0.5), 0.0, count));
    drawSelection(painter);
    const double column = rect.width() / range.size();
    painter->setAntialiasing(column >= kNarrow);
    if (column >= 1) {
        for (std::size_t i = first; i < last; ++i) {
            const double width = column < kNarrow ? column : column * kBarShare;
            drawBar(painter, pixelX(static_cast<double>(i)) - width / 2, width, extentOf(i, i + 1));
        }
        return;
    }
    // Several channels share a pixel: the bar shows the widest of them.
    for (int x = rect.left(); x <= rect.right(); ++x) {
        const auto at = [&](double pixel) {
            const double place = parentPlot()->xAxis->pixelToCoord(pixel) + 0.5;
            return static_cast<std::size_t>(std::clamp(place, 0.0, count));
        };
        const std::size_t from = at(x);
        const std::size_t to = std::max(at(x + 1), std::min(from + 1, m_order->channels.size()));
        if (from < to)
            drawBar(painter, x, 1, extentOf(from, to));
    }
}

void ChannelMarksItem::drawSelection(QCPPainter *painter) const
{
    if (m_selected >= m_order->channels.size())
        return;
    const QRect rect = area();
    const auto x = static_cast<double>(m_selected);
    const double left = pixelX(x - 0.5);
    const double width = std::max(pixelX(x + 0.5) - left, 3.0);
    painter->fillRect(QRectF(left, rect.top(), width, rect.height() + 1), m_theme.selectedBand);
    painter->setPen(QPen(m_theme.selectionRing, 1));
    for (const double edge : {left, left + width})
        painter->drawLine(QPointF(edge, rect.top()), QPointF(edge, rect.bottom()));
}

void ChannelMarksItem::drawBar(QCPPainter *painter, double left, double width, const Extent &extent) const
{
    if (extent.isDead) {
        // No length tells of it: a hollow mark on zero.
        painter->setPen(QPen(m_theme.secondaryText, 1.2));
        painter->setBrush(m_theme.panel);
        const double radius = std::min(kHollowMark, std::max(width, 1.0));
        painter->drawEllipse(QPointF(left + width / 2, pixelY(0)), radius, radius);
        return;
    }
    const auto fill = [&](double low, double high, const QColor &colour) {
        const double top = pixelY(high);
        painter->fillRect(QRectF(left, top, width, std::max(pixelY(low) - top, 1.0)), colour);
    };
    QColor colour = m_theme.schemeA;
    if (m_errors) {
        fill(extent.low, extent.high, colour);
        return;
    }
    fill(extent.low, extent.high, colour);
    if (!m_showsLimits)
        return;
    if (extent.low < extent.clipLow)
        fill(extent.low, extent.clipLow, m_theme.warning);
    if (extent.high > extent.clipHigh)
        fill(extent.clipHigh, extent.high, m_theme.warning);
    painter->setPen(QPen(m_theme.text, width < kNarrow ? 1 : scaled(1.4), Qt::SolidLine, Qt::FlatCap));
    for (const double limit : {extent.clipLow, extent.clipHigh}) {
        const double y = pixelY(limit);
        painter->drawLine(QPointF(left - width * 0.15, y), QPointF(left + width * 1.15, y));
    }
}

} // namespace qs::ui
