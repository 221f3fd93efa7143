// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bar_marks_item.h"

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr double kWider = 3;      // pixels: the outline on either side of the bar
constexpr double kNarrowest = 14; // pixels of an outline that can be told from its neighbours
constexpr double kAbove = 3;      // between a bar and its number
constexpr double kPointSize = 5;  // half of a point of the line, with its ring
constexpr double kSideRoom = 6;   // that a number leaves in its column

} // namespace

BarMarksItem::BarMarksItem(PlotCanvas &canvas, double width)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_width(width)
    , m_theme(canvas.theme)
{
    setClipToAxisRect(true);
}

void BarMarksItem::draw(QCPPainter *painter)
{
    const QCPRange range = parentPlot()->xAxis->range();
    painter->setAntialiasing(true);
    for (const Bar &bar : bars) {
        if (bar.x < range.lower - 0.5 || bar.x > range.upper + 0.5)
            continue;
        if (bar.before)
            drawOutline(painter, bar);
    }
    // Thousands of dashes would take a tenth of a second.
    painter->setAntialiasing(false);
    painter->setPen(QPen(m_theme.text, 0));
    painter->drawLines(std::exchange(m_thinLines, {}));
    painter->setAntialiasing(true);
    for (const Bar &bar : bars)
        if (bar.x >= range.lower - 0.5 && bar.x <= range.upper + 0.5)
            drawWords(painter, bar);
}

void BarMarksItem::drawOutline(QCPPainter *painter, const Bar &bar)
{
    const double left = pixelX(bar.x - m_width / 2) - kWider;
    const double right = pixelX(bar.x + m_width / 2) + kWider;
    const double top = pixelY(*bar.before);
    if (right - left < kNarrowest) {
        // Outlines of thousands of bars would be one black field: their upper ends say enough.
        m_thinLines.append(QLineF(left + kWider, top, right - kWider + 1, top));
        return;
    }
    const double foot = area().bottom() + 1;
    painter->setPen(QPen(m_theme.text, 1.3, Qt::DashLine, Qt::FlatCap));
    painter->drawPolyline(QPolygonF{{left, foot}, {left, top}, {right, top}, {right, foot}});
}

void BarMarksItem::drawWords(QCPPainter *painter, const Bar &bar) const
{
    const double column = pixelX(bar.x + 0.5) - pixelX(bar.x - 0.5);
    if (column < kSideRoom && bar.total.isEmpty())
        return; // nothing to measure for thousands of bars
    QFont bold = plotFont();
    bold.setBold(true);
    const QFontMetricsF metrics(bold);
    const QRectF room = QRectF(area()).adjusted(2, 1, -2, -1);
    const double height = metrics.height();
    const double top = bar.value ? pixelY(*bar.value) : room.bottom();
    const double point = bar.point ? pixelY(*bar.point) : room.bottom() + height;
    // Its neighbour's bar is in the way on the right.
    const double right = pixelX(bar.x + m_width / 2);
    const double space = bar.besideAnother ? right - pixelX(std::floor(bar.x + 0.5) - 0.5) : column;
    const auto write = [&](const QString &words, const QFont &font, const QColor &colour, double bottom) {
        const double width = QFontMetricsF(font).horizontalAdvance(words) + 2;
        QRectF box(pixelX(bar.x) - width / 2, bottom - height, width, height);
        if (bar.besideAnother && box.right() > right)
            box.moveRight(right);
        box.moveLeft(std::clamp(box.left(), room.left(), std::max(room.left(), room.right() - width)));
        painter->setFont(font);
        painter->setPen(colour);
        painter->drawText(box, Qt::AlignCenter, words);
    };
    double free = std::min(top - kAbove, point - kPointSize); // above everything that stands in the column
    if (!bar.number.isEmpty() && metrics.horizontalAdvance(bar.number) + kSideRoom <= space) {
        const double bottom = top - kAbove;
        const bool isClear =
            bottom - height >= room.top() && (point + kPointSize <= bottom - height || point - kPointSize >= bottom);
        if (isClear) {
            write(bar.number, bold, m_theme.text, bottom);
            free = std::min(free, bottom - height);
        } else if (room.bottom() - top > height + 2 * kAbove &&
                   metrics.horizontalAdvance(bar.number) <= m_width * column) {
            // Inside the bar: a point of the line is where it would stand.
            const double inside = std::max(top, point > top ? point + kPointSize : top) + kAbove + height;
            write(bar.number, bold, m_theme.panel, inside);
        }
    }
    if (!bar.total.isEmpty()) {
        // On bars and outlines, where need be.
        const double bottom = std::max(free, room.top() + height);
        QColor ground = m_theme.panel;
        ground.setAlphaF(0.8F);
        const double width = QFontMetricsF(plotFont()).horizontalAdvance(bar.total) + 4;
        QRectF box(pixelX(bar.x) - width / 2, bottom - height, width, height);
        box.moveLeft(std::clamp(box.left(), room.left(), std::max(room.left(), room.right() - width)));
        painter->fillRect(box, ground);
        write(bar.total, plotFont(), m_theme.secondaryText, bottom);
    }
}

} // namespace qs::ui
