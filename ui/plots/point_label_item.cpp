// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/point_label_item.h"

#include <algorithm>

namespace qs::ui {

namespace {

constexpr double kAway = 8; // pixels from the middle of the point, sideways
constexpr double kAbove = 5;

} // namespace

PointLabelItem::PointLabelItem(PlotCanvas &canvas, QPointF coordinates, QString text)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_coordinates(coordinates)
    , m_text(std::move(text))
    , m_theme(canvas.theme)
{
    setClipToAxisRect(true);
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
