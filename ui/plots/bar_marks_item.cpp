// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bar_marks_item.h"

#include "ui/plots/mark_scale.h"

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr double kWider = 3;      // pixels: the outline on either side of the bar
constexpr double kNarrowest = 14; // pixels of an outline that can be told from its neighbours
constexpr double kAbove = 3;      // between a bar and its number
constexpr double kPoint = 5;      // half of a point of the line, with its ring
constexpr double kSideRoom = 6;   // that a number leaves in its column

double pointSize()
{
    return scaled(kPoint);
}

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
    m_words.clear();
    const auto isInSight = [&range](const Bar &bar) {
        return bar.x >= range.lower - 0.5 && bar.x <= range.upper + 0.5;
    };
    for (const Bar &bar : bars)
        if (isInSight(bar) && !bar.number.isEmpty())
            drawNumber(painter, bar);
    for (const Bar &bar : bars)
        if (isInSight(bar) && !bar.total.isEmpty())
            drawTotal(painter, bar);
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

/// Over the column's middle, as far as the area allows it.
QRectF BarMarksItem::boxOf(const QString &words, const QFont &font, const Bar &bar, double bottom) const
{
    const QRectF room = QRectF(area()).adjusted(2, 1, -2, -1);
    const QFontMetricsF metrics(font);
    const double width = metrics.horizontalAdvance(words) + 2;
    QRectF box(pixelX(bar.x) - width / 2, bottom - metrics.height(), width, metrics.height());
    // Its neighbour's bar is in the way on the right.
    if (const double right = pixelX(bar.x + m_width / 2); bar.besideAnother && box.right() > right)
        box.moveRight(right);
    box.moveLeft(std::clamp(box.left(), room.left(), std::max(room.left(), room.right() - width)));
    return box;
}

void BarMarksItem::drawNumber(QCPPainter *painter, const Bar &bar)
{
    const double column = pixelX(bar.x + 0.5) - pixelX(bar.x - 0.5);
    if (column < kSideRoom || !bar.value)
        return; // nothing to measure for thousands of bars
    QFont bold = plotFont();
    bold.setBold(true);
    const QFontMetricsF metrics(bold);
    const QRectF room = QRectF(area()).adjusted(2, 1, -2, -1);
    const double height = metrics.height();
    const double top = pixelY(*bar.value);
    const double point = bar.point ? pixelY(*bar.point) : room.bottom() + height;
    const double right = pixelX(bar.x + m_width / 2);
    const double space = bar.besideAnother ? right - pixelX(std::floor(bar.x + 0.5) - 0.5) : column;
    if (metrics.horizontalAdvance(bar.number) + kSideRoom > space)
        return;
    const auto write = [&](const QColor &colour, double bottom) {
        m_words << boxOf(bar.number, bold, bar, bottom);
        painter->setFont(bold);
        painter->setPen(colour);
        painter->drawText(m_words.last(), Qt::AlignCenter, bar.number);
    };
    const double bottom = top - kAbove;
    const bool isClear =
        bottom - height >= room.top() && (point + pointSize() <= bottom - height || point - pointSize() >= bottom);
    if (isClear)
        write(m_theme.text, bottom);
    else if (room.bottom() - top > height + 2 * kAbove && metrics.horizontalAdvance(bar.number) <= m_width * column)
        // Inside the bar: a point of the line is where it would stand.
        write(m_theme.panel, std::max(top, point > top ? point + pointSize() : top) + kAbove + height);
}

/// The lower end that keeps a box clear of the bars, points and numbers of all columns that it reaches into.
double BarMarksItem::lowestOver(const QRectF &box, double bottom) const
{
    for (const Bar &bar : bars) {
        if (bar.value && pixelX(bar.x + m_width / 2) > box.left() && pixelX(bar.x - m_width / 2) < box.right())
            bottom = std::min(bottom, pixelY(*bar.value) - kAbove);
        if (bar.point && pixelX(bar.x) + pointSize() > box.left() && pixelX(bar.x) - pointSize() < box.right())
            bottom = std::min(bottom, pixelY(*bar.point) - pointSize());
    }
    for (const QRectF &words : m_words)
        if (words.right() > box.left() && words.left() < box.right())
            bottom = std::min(bottom, words.top());
    return bottom;
}

void BarMarksItem::drawTotal(QCPPainter *painter, const Bar &bar) const
{
    const QRectF room = QRectF(area()).adjusted(2, 1, -2, -1);
    const QFont font = plotFont();
    const double height = QFontMetricsF(font).height();
    const double point = bar.point ? pixelY(*bar.point) : room.bottom();
    QRectF box = boxOf(bar.total, font, bar, point - pointSize());
    const auto onWords = [this](const QRectF &place) {
        return std::ranges::any_of(m_words, [&](const QRectF &words) { return words.intersects(place); });
    };
    box.moveBottom(std::max(lowestOver(box, box.bottom()), room.top() + height));
    // At the top there may be no room above the others: then below the point, on bars and outlines where need be.
    if (onWords(box) || (bar.point && box.bottom() > point - pointSize())) {
        QRectF below = box;
        below.moveTop(std::min(point + pointSize(), room.bottom() - height));
        if (!onWords(below))
            box = below;
    }
    QColor ground = m_theme.panel;
    ground.setAlphaF(0.8F);
    painter->fillRect(box.adjusted(-1, 0, 1, 0), ground);
    painter->setFont(font);
    painter->setPen(m_theme.secondaryText);
    painter->drawText(box, Qt::AlignCenter, bar.total);
}

} // namespace qs::ui
