// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/other_scales_item.h"

#include "ui/plots/mark_scale.h"
#include "ui/plots/scale_marks_item.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace qs::ui {

namespace {

constexpr double kSide = 5;   // pixels of a square, or across a dot
constexpr double kNarrow = 3; // of a band: no dash would show

QColor ghostColour(const Theme &theme)
{
    QColor colour = theme.text;
    colour.setAlphaF(0.55f);
    return colour;
}

} // namespace

OtherScalesItem::OtherScalesItem(const PlotCanvas &canvas, const ScaleLayout &other, const ScaleLayout &shown,
                                 Kind kind)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_other(other)
    , m_shown(shown)
    , m_kind(kind)
    , m_colour(kind == Kind::B ? canvas.theme.schemeB : ghostColour(canvas.theme))
    , m_vectors(canvas.exporting)
{
    setClipToAxisRect(true);
}

void OtherScalesItem::draw(QCPPainter *painter)
{
    const QCPRange range = parentPlot()->xAxis->range();
    const AxisRange visible{range.lower, range.upper};
    const bool dots = m_shown.channelsIn(visible) <= kMostDots;
    painter->setAntialiasing(true);
    const std::vector<ScaleBand> &bands = m_other.bands();
    for (std::size_t i = 0; i < std::min(bands.size(), m_shown.bands().size()); ++i) {
        const ScaleBand &band = bands[i];
        const ScaleBand &place = m_shown.bands()[i];
        const bool isSame =
            m_kind == Kind::Ghost && place.layer && band.layer && place.layer->quantization == band.layer->quantization;
        if (band.isQuantized() && band.hasScales() && !isSame && band.channels == place.channels &&
            place.x.upper >= visible.lower && place.x.lower <= visible.upper)
            drawBand(painter, band, place.x, dots);
    }
    // Thousands of dashes would take a tenth of a second.
    painter->setAntialiasing(false);
    painter->setPen(QPen(m_colour, 0));
    painter->drawLines(std::exchange(m_thinLines, {}));
    painter->setAntialiasing(true);
}

void OtherScalesItem::drawBand(QCPPainter *painter, const ScaleBand &band, AxisRange x, bool dots)
{
    const bool logarithmic = parentPlot()->yAxis->scaleType() == QCPAxis::stLogarithmic;
    const auto canDraw = [&](double scale) { return std::isfinite(scale) && (scale > 0 || !logarithmic); };
    if (band.hasOneScale() || !dots) {
        const auto scale = static_cast<double>(band.hasOneScale() ? band.scales.front() : band.quartiles[2]);
        if (!canDraw(scale))
            return;
        const QLineF line(pixelX(x.lower), pixelY(scale), pixelX(x.upper), pixelY(scale));
        if (line.dx() < kNarrow) {
            m_thinLines.append(line);
            return;
        }
        const Qt::PenStyle style = m_kind == Kind::B ? Qt::DotLine : Qt::DashLine;
        painter->setPen(QPen(m_colour, scaled(m_kind == Kind::B ? 2.4 : 1.3), style, Qt::FlatCap));
        painter->drawLine(line);
        return;
    }
    const QPixmap pixmap = m_vectors ? QPixmap() : mark();
    const double half = m_vectors ? 0 : pixmap.width() / pixmap.devicePixelRatio() / 2;
    const QCPRange range = parentPlot()->xAxis->range();
    const auto last = static_cast<std::size_t>(band.channelAt(range.upper));
    for (auto i = static_cast<std::size_t>(band.channelAt(range.lower)); i <= last && i < band.scales.size(); ++i) {
        const auto scale = static_cast<double>(band.scales[i]);
        if (!canDraw(scale) || band.isDead(static_cast<qint64>(i)))
            continue;
        const QPointF centre(pixelX(band.xOf(static_cast<qint64>(i))), pixelY(scale));
        if (m_vectors)
            paintMark(*painter, centre);
        else
            painter->drawPixmap(centre - QPointF(half, half), pixmap);
    }
}

void OtherScalesItem::paintMark(QPainter &painter, QPointF centre) const
{
    painter.setPen(QPen(m_colour, scaled(1.2)));
    painter.setBrush(Qt::NoBrush);
    const QRectF box(centre - QPointF(kSide / 2, kSide / 2), QSizeF(kSide, kSide));
    if (m_kind == Kind::B)
        painter.drawRect(box);
    else
        painter.drawEllipse(box);
}

/// Drawn once, then copied.
QPixmap OtherScalesItem::mark() const
{
    const double ratio = parentPlot()->bufferDevicePixelRatio();
    const int side = static_cast<int>(kSide) + 4;
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paintMark(painter, QPointF(side / 2.0, side / 2.0));
    return pixmap;
}

} // namespace qs::ui
