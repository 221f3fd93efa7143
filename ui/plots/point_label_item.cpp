// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/point_label_item.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace qs::ui {

namespace {

constexpr double kAway = 8; // pixels from the middle of the point, sideways
constexpr double kAbove = 5;
constexpr double kLine = 1.5; // around a line

} // namespace

PointLabelItem::PointLabelItem(PlotCanvas &canvas, QPointF coordinates, QString text)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_coordinates(coordinates)
    , m_text(std::move(text))
    , m_theme(canvas.theme)
{
    setClipToAxisRect(true);
}

PointLabelsItem::PointLabelsItem(PlotCanvas &canvas, std::vector<Label> labels, QVector<QPointF> line)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_labels(std::move(labels))
    , m_line(std::move(line))
    , m_theme(canvas.theme)
{
    setClipToAxisRect(true);
}

/// Each step as the level and the upright piece that it is drawn with.
QVector<QRectF> PointLabelsItem::lineOnScreen() const
{
    QVector<QRectF> pieces;
    for (qsizetype i = 1; i < m_line.size(); ++i) {
        const QPointF from(pixelX(m_line[i - 1].x()), pixelY(m_line[i - 1].y()));
        const QPointF to(pixelX(m_line[i].x()), pixelY(m_line[i].y()));
        pieces << QRectF(from, QPointF(to.x(), from.y())).normalized().adjusted(-kLine, -kLine, kLine, kLine)
               << QRectF(QPointF(to.x(), from.y()), to).normalized().adjusted(-kLine, -kLine, kLine, kLine);
    }
    return pieces;
}

void PointLabelsItem::draw(QCPPainter *painter)
{
    const QFont font = plotFont();
    const QFontMetricsF metrics(font);
    const QRectF room = QRectF(area()).adjusted(2, 2, -2, -2);
    const QVector<QRectF> line = lineOnScreen();
    QVector<QRectF> taken;
    for (const Label &label : m_labels) { // the crosses themselves are in the way, too
        const QPointF point(pixelX(label.coordinates.x()), pixelY(label.coordinates.y()));
        taken << QRectF(point.x() - kAbove, point.y() - kAbove, 2 * kAbove, 2 * kAbove);
    }
    painter->setFont(font);
    painter->setPen(m_theme.secondaryText);
    for (const Label &label : m_labels) {
        const QPointF point(pixelX(label.coordinates.x()), pixelY(label.coordinates.y()));
        const double width = metrics.horizontalAdvance(label.text) + 4;
        const double height = metrics.height();
        const double middle = point.y() - height / 2;
        const QPointF places[] = {{point.x() + kAway, middle},
                                  {point.x() + kAway, point.y() - kAbove - height},
                                  {point.x() + kAway, point.y() + kAbove},
                                  {point.x() - kAway - width, middle},
                                  {point.x() - kAway - width, point.y() + kAbove},
                                  {point.x() - kAway - width, point.y() - kAbove - height}};
        const auto isFree = [&](const QVector<QRectF> &others, const QRectF &box) {
            return std::ranges::none_of(others, [&](const QRectF &other) { return other.intersects(box); });
        };
        std::optional<QRectF> best;
        for (const QPointF &place : places) {
            const QRectF box(place, QSizeF(width, height));
            if (!room.contains(box) || !isFree(taken, box))
                continue;
            const bool clear = isFree(line, box);
            if (!best || clear)
                best = box;
            if (clear)
                break;
        }
        if (!best)
            continue;
        taken << *best;
        painter->drawText(*best, Qt::AlignCenter, label.text);
    }
}

void PointLabelItem::draw(QCPPainter *painter)
{
    const QRectF room = QRectF(area()).adjusted(2, 2, -2, -2);
    const QPointF point(pixelX(m_coordinates.x()), pixelY(m_coordinates.y()));
    const QFont font = plotFont();
    const QFontMetricsF metrics(font);
    QRectF box(0, 0, metrics.horizontalAdvance(m_text) + 8, metrics.height() + 2);
    if (!QRectF(area()).contains(point) || box.width() > room.width() || box.height() > room.height())
        return;
    if (point.x() + kAway + box.width() <= room.right()) {
        box.moveTo(point.x() + kAway, point.y() - box.height() / 2);
    } else {
        // The line comes from the left, so the words stand above it, or below at the very top.
        const double above = point.y() - kAbove - box.height();
        box.moveTo(std::min(point.x() - kAway, room.right()) - box.width(),
                   above >= room.top() ? above : point.y() + kAbove);
    }
    box.moveLeft(std::max(box.left(), room.left()));
    box.moveTop(std::clamp(box.top(), room.top(), room.bottom() - box.height()));
    QColor ground = m_theme.panel;
    ground.setAlphaF(0.85f); // words must be readable on bars and lines
    painter->fillRect(box, ground);
    painter->setFont(font);
    painter->setPen(m_theme.secondaryText);
    painter->drawText(box, Qt::AlignCenter, m_text);
}

} // namespace qs::ui
