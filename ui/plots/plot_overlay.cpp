// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_overlay.h"

#include "ui/plots/mark_scale.h"

#include <QApplication>

namespace qs::ui {

class PlotOverlay::Item final : public PaintedItem
{
public:
    explicit Item(QCustomPlot &plot)
        : PaintedItem(plot, QStringLiteral("overlay"))
    {}

    std::optional<AxisRange> band;
    std::optional<PlotMark> mark;

protected:
    void draw(QCPPainter *painter) override
    {
        if (band) {
            QColor light = theme().accent;
            light.setAlphaF(0.10f);
            const QRectF rect(QPointF(pixelX(band->lower), area().top()),
                              QPointF(pixelX(band->upper), area().bottom() + 1));
            painter->fillRect(rect.intersected(QRectF(area())), light);
        }
        if (!mark)
            return;
        const QPointF point(pixelX(mark->x), pixelY(mark->y));
        if (mark->ring && QRectF(area()).adjusted(-1, -1, 1, 1).contains(point)) {
            painter->setAntialiasing(true);
            painter->setPen(QPen(theme().selectionRing, scaled(1.6)));
            painter->setBrush(Qt::NoBrush);
            painter->drawEllipse(point, scaled(5.5), scaled(5.5));
        }
        if (!mark->box.isEmpty())
            drawBox(painter, point);
    }

private:
    void drawBox(QCPPainter *painter, QPointF point) const
    {
        constexpr int kFlags = Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap;
        const QRectF room = QRectF(parentPlot()->viewport()).adjusted(2, 2, -2, -2);
        painter->setFont(plotFont());
        const QFontMetricsF metrics(plotFont());
        const double widest = std::min(metrics.averageCharWidth() * 46, room.width() - 16);
        QRectF box = metrics.boundingRect(QRectF(0, 0, widest, 10000), kFlags, mark->box).adjusted(-8, -6, 9, 6);
        double left = point.x() + 13;
        if (left + box.width() > room.right())
            left = point.x() - 13 - box.width();
        box.moveTo(std::max(left, room.left()), point.y() + 9);
        if (box.bottom() > room.bottom())
            box.moveBottom(std::max(point.y() - 9, room.top() + box.height()));
        painter->setAntialiasing(true);
        painter->setPen(QPen(theme().border, 1));
        painter->setBrush(theme().panel);
        painter->drawRoundedRect(box.translated(0.5, 0.5), 3, 3);
        painter->setPen(theme().text);
        painter->drawText(box.adjusted(8, 6, -7, -6), kFlags, mark->box);
    }
};

PlotOverlay::PlotOverlay(QCustomPlot &plot)
    : m_plot(plot)
    , m_item(new Item(plot))
{}

QCPLayerable *PlotOverlay::item() const
{
    return m_item;
}

bool PlotOverlay::setState(std::optional<AxisRange> band, const std::optional<PlotMark> &mark)
{
    const bool wasEmpty = !m_item->band && !m_item->mark;
    m_item->band = band;
    m_item->mark = mark;
    return !wasEmpty || band || mark;
}

void PlotOverlay::repaint()
{
    m_plot.layer(QStringLiteral("overlay"))->replot();
}

QString PlotOverlay::boxText() const
{
    return m_item->mark ? m_item->mark->box : QString();
}

} // namespace qs::ui
