// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_mark.h"

#include <QPainter>

namespace qs::ui {

namespace {

constexpr double kDot = 7;

void paintDot(QPainter &painter, QPointF centre, const QPen &pen, const QBrush &brush, double size = kDot)
{
    painter.setPen(pen);
    painter.setBrush(brush);
    painter.drawEllipse(centre, size / 2, size / 2);
}

} // namespace

void paintGlyph(QPainter &painter, const QRectF &area, Glyph glyph, const QColor &colour, const QColor &background)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QPointF centre = area.center();
    const QLineF across(area.left() + 1, centre.y(), area.right() - 1, centre.y());
    const QRectF box(centre.x() - 4.5, centre.y() - 4.5, 9, 9);
    switch (glyph) {
    case Glyph::Dot:
        paintDot(painter, centre, Qt::NoPen, colour, 8);
        break;
    case Glyph::HollowDot:
        paintDot(painter, centre, QPen(colour, 1.3), Qt::NoBrush);
        break;
    case Glyph::DashedLine:
        painter.setPen(QPen(colour, 1.4, Qt::DashLine, Qt::FlatCap));
        painter.drawLine(across);
        break;
    case Glyph::Bar:
        painter.fillRect(box, colour);
        break;
    case Glyph::LineWithDots:
        painter.setPen(QPen(colour, 2));
        painter.drawLine(across);
        paintDot(painter, centre, QPen(colour, 1.8), background, 6.5);
        break;
    case Glyph::DottedBar:
        painter.setPen(QPen(colour, 1.2));
        painter.setBrush(QBrush(colour, Qt::Dense4Pattern));
        painter.drawRect(box);
        break;
    case Glyph::HollowSquare:
        painter.setPen(QPen(colour, 1.4));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(centre.x() - 3, centre.y() - 3, 6, 6));
        break;
    case Glyph::LineWithSquares:
        painter.setPen(QPen(colour, 2, Qt::DotLine));
        painter.drawLine(across);
        painter.setPen(QPen(colour, 1.6));
        painter.setBrush(background);
        painter.drawRect(QRectF(centre.x() - 3, centre.y() - 3, 6, 6));
        break;
    case Glyph::Hatch:
        painter.setPen(QPen(colour, 1));
        painter.setBrush(QBrush(colour, Qt::BDiagPattern));
        painter.drawRect(box);
        break;
    case Glyph::Ticks:
        painter.setPen(QPen(colour, 1.4));
        for (int i = -1; i <= 1; ++i)
            painter.drawLine(QPointF(centre.x() + 4 * i, centre.y() - 4), QPointF(centre.x() + 4 * i, centre.y() + 4));
        break;
    case Glyph::Cross:
        painter.setPen(QPen(colour, 1.8));
        painter.drawLine(box.topLeft(), box.bottomRight());
        painter.drawLine(box.bottomLeft(), box.topRight());
        break;
    }
    painter.restore();
}

} // namespace qs::ui
