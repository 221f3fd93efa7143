// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/scale_marks_item.h"

#include "ui/plots/mark_scale.h"
#include "ui/text/format.h"

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr float kOtherLayers = 0.55f; // opacity of layers that are not selected
constexpr float kOtherLayersDark = 0.60f;
constexpr qint64 kFewChannels = 4; // larger dots below
constexpr double kNarrowBox = 3;   // pixels

void paintDot(QPainter &painter, QPointF centre, double size, const QColor &colour, bool hollow)
{
    if (hollow) {
        painter.setPen(QPen(colour, scaled(1.2)));
        painter.setBrush(Qt::NoBrush);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
    }
    painter.drawEllipse(centre, size / 2, size / 2);
}

} // namespace

ScaleMarksItem::ScaleMarksItem(const PlotCanvas &canvas, const ScaleLayout &layout, Part part)
    : PaintedItem(canvas.plot, part == Part::Rest ? QStringLiteral("main") : kSelectionLayer)
    , m_layout(layout)
    , m_theme(canvas.theme)
    , m_hidden(canvas.hidden)
    , m_vectors(canvas.exporting)
    , m_part(part)
{
    setClipToAxisRect(true);
    select(canvas);
}

void ScaleMarksItem::select(const PlotCanvas &canvas)
{
    m_selectedLayer = canvas.selectedLayer;
    m_selectedLayers = canvas.selectedLayers;
    m_selectedChannel = canvas.selectedChannel;
}

bool ScaleMarksItem::canDraw(double scale) const
{
    if (!std::isfinite(scale))
        return false;
    return scale > 0 || parentPlot()->yAxis->scaleType() == QCPAxis::stLinear;
}

ScaleMarksItem::Style ScaleMarksItem::styleOf(const ScaleBand &band) const
{
    Style style;
    style.hollow = !band.isQuantized();
    style.colour = style.hollow ? m_theme.secondaryText : m_theme.schemeA;
    if (m_part == Part::Rest && !m_selectedLayers.isEmpty())
        style.colour.setAlphaF(m_theme.dark ? kOtherLayersDark : kOtherLayers);
    if (band.channels < kFewChannels)
        style.size = 8;
    style.size = scaled(style.size);
    return style;
}

void ScaleMarksItem::draw(QCPPainter *painter)
{
    const QCPRange range = parentPlot()->xAxis->range();
    const AxisRange visible{range.lower, range.upper};
    const bool boxes = m_layout.channelsIn(visible) > kMostDots;
    painter->setAntialiasing(true);
    const std::vector<ScaleBand> &bands = m_layout.bands();
    for (std::size_t i = 0; i < bands.size(); ++i) {
        const ScaleBand &band = bands[i];
        const bool wanted = m_part == Part::Rest || m_selectedLayers.contains(static_cast<int>(i));
        if (wanted && band.hasScales() && band.x.upper >= visible.lower && band.x.lower <= visible.upper)
            drawMarks(painter, band, boxes);
    }
    drawThinLines(painter);
    if (m_part == Part::Selected)
        drawRing(painter);
}

void ScaleMarksItem::drawThinLines(QCPPainter *painter)
{
    painter->setAntialiasing(false);
    QList<QRgb> colours = m_thinLines.keys();
    // The fainter ones below the others.
    std::ranges::sort(colours, {}, [](QRgb colour) { return qAlpha(colour); });
    for (const QRgb colour : colours) {
        painter->setPen(QPen(QColor::fromRgba(colour), 0));
        painter->drawLines(m_thinLines[colour]);
    }
    painter->setAntialiasing(true);
    m_thinLines.clear();
}

void ScaleMarksItem::drawMarks(QCPPainter *painter, const ScaleBand &band, bool boxes)
{
    if (!m_hidden.contains(kSeriesWhole))
        drawWholeLayer(painter, band);
    if (m_hidden.contains(band.isQuantized() ? kSeriesChannels : kSeriesExcluded))
        return;
    const Style style = styleOf(band);
    if (band.hasOneScale())
        drawOneScale(painter, band, style);
    else if (boxes)
        drawBox(painter, band, style);
    else
        drawDots(painter, band, style);
    if (!band.hasOneScale()) // of the selected layer once more: its dots come later than the others
        drawOutside(painter, band, !boxes);
}

void ScaleMarksItem::drawWholeLayer(QCPPainter *painter, const ScaleBand &band)
{
    if (!canDraw(band.wholeLayerScale()))
        return;
    const double y = pixelY(band.wholeLayerScale());
    const QColor colour = band.isQuantized() ? m_theme.text : m_theme.secondaryText;
    const double left = pixelX(band.x.lower);
    const double right = pixelX(band.x.upper);
    if (right - left < kNarrowBox) { // no dash would show
        m_thinLines[colour.rgba()].append(QLineF(left, y, right, y));
        return;
    }
    painter->setPen(QPen(colour, scaled(1.3), Qt::DashLine, Qt::FlatCap));
    drawAcross(painter, band, y);
}

void ScaleMarksItem::drawOneScale(QCPPainter *painter, const ScaleBand &band, const Style &style) const
{
    if (!canDraw(static_cast<double>(band.scales.front())))
        return;
    const double y = pixelY(static_cast<double>(band.scales.front()));
    painter->setPen(QPen(style.colour, scaled(style.hollow ? 1.4 : 2.4), Qt::SolidLine, Qt::FlatCap));
    drawAcross(painter, band, y);
}

/// A line through the band, apart from its neighbours where there is room for that.
void ScaleMarksItem::drawAcross(QCPPainter *painter, const ScaleBand &band, double y) const
{
    const double left = pixelX(band.x.lower);
    const double right = pixelX(band.x.upper);
    const double gap = std::min(2.0, (right - left) / 4);
    painter->drawLine(QPointF(left + gap, y), QPointF(right - gap, y));
}

QPixmap ScaleMarksItem::dot(const Style &style) const
{
    // Drawn once, then copied: a hundred times faster than so many circles.
    const double ratio = parentPlot()->bufferDevicePixelRatio();
    const int side = static_cast<int>(std::ceil(style.size) + std::ceil(scaled(1.2))) + 1;
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paintDot(painter, QPointF(side / 2.0, side / 2.0), style.size, style.colour, style.hollow);
    return pixmap;
}

void ScaleMarksItem::drawDots(QCPPainter *painter, const ScaleBand &band, const Style &style) const
{
    const QCPRange range = parentPlot()->xAxis->range();
    const auto first = static_cast<std::size_t>(band.channelAt(range.lower));
    const auto last = static_cast<std::size_t>(band.channelAt(range.upper));
    if (band.hasGroups()) {
        QColor thin = style.colour;
        thin.setAlphaF(thin.alphaF() * 0.45f);
        painter->setPen(QPen(thin, 1));
        for (std::size_t i = first; i <= last && i < band.lowest.size(); ++i) {
            if (!canDraw(static_cast<double>(band.lowest[i])) || !canDraw(static_cast<double>(band.highest[i])))
                continue;
            const double x = pixelX(band.xOf(static_cast<qint64>(i)));
            painter->drawLine(QPointF(x, pixelY(static_cast<double>(band.lowest[i]))),
                              QPointF(x, pixelY(static_cast<double>(band.highest[i]))));
        }
    }
    const QPixmap pixmap = m_vectors ? QPixmap() : dot(style);
    const double half = m_vectors ? 0 : pixmap.width() / pixmap.devicePixelRatio() / 2;
    for (std::size_t i = first; i <= last && i < band.scales.size(); ++i) {
        const auto scale = static_cast<double>(band.scales[i]);
        if (!canDraw(scale) || band.isDead(static_cast<qint64>(i)))
            continue;
        const QPointF centre(pixelX(band.xOf(static_cast<qint64>(i))), pixelY(scale));
        if (m_vectors)
            paintDot(*painter, centre, style.size, style.colour, style.hollow);
        else
            painter->drawPixmap(centre - QPointF(half, half), pixmap);
    }
}

double ScaleMarksItem::pixelYOf(const ScaleBand &band, std::size_t channel) const
{
    return band.isDead(static_cast<qint64>(channel)) ? area().bottom() - kDeadAbove
                                                     : pixelY(static_cast<double>(band.scales[channel]));
}

/// The scale of a dead channel means nothing, so its mark stands at the foot, and hollow.
void ScaleMarksItem::drawDead(QCPPainter *painter, const ScaleBand &band) const
{
    for (const std::size_t channel : band.dead)
        paintDot(*painter, QPointF(pixelX(band.xOf(static_cast<qint64>(channel))), area().bottom() - kDeadAbove),
                 scaled(5), m_theme.secondaryText, true);
}

/// Says how many channels the axis leaves out: a few that lie far outside do not squeeze all others.
void ScaleMarksItem::drawOutside(QCPPainter *painter, const ScaleBand &band, bool countsDots) const
{
    if (countsDots)
        drawDead(painter, band);
    QStringList below;
    const QCPRange y = parentPlot()->yAxis->range();
    qsizetype under = 0;
    qsizetype over = 0;
    for (std::size_t i = 0; countsDots && i < band.scales.size(); ++i) {
        const auto scale = static_cast<double>(band.scales[i]);
        if (!canDraw(scale) || band.isDead(static_cast<qint64>(i)))
            continue;
        under += scale < y.lower;
        over += scale > y.upper;
    }
    if (under > 0)
        below << tr("▼ %1 below").arg(under);
    if (!band.dead.empty())
        below << tr("%1 dead").arg(band.dead.size());
    drawCount(painter, band, text::listed(below), true);
    drawCount(painter, band, over > 0 ? tr("▲ %1 above").arg(over) : QString(), false);
}

void ScaleMarksItem::drawCount(QCPPainter *painter, const ScaleBand &band, const QString &words, bool atFoot) const
{
    if (words.isEmpty())
        return;
    const QFont font = plotFont();
    const QFontMetricsF metrics(font);
    const QRectF room = QRectF(area());
    const double left = std::max(pixelX(band.x.lower), room.left());
    const double right = std::min(pixelX(band.x.upper), room.right());
    const double width = metrics.horizontalAdvance(words) + 8;
    if (width > right - left)
        return;
    QRectF box((left + right - width) / 2, 0, width, metrics.height());
    if (atFoot)
        box.moveBottom(room.bottom() - 2 * kDeadAbove);
    else
        box.moveTop(room.top() + 2);
    QColor ground = m_theme.panel;
    ground.setAlphaF(0.85f); // dots may be behind the words
    painter->setPen(Qt::NoPen);
    painter->setBrush(ground);
    painter->drawRoundedRect(box, 3, 3);
    painter->setFont(font);
    painter->setPen(m_theme.secondaryText);
    painter->drawText(box, Qt::AlignCenter, words);
}

void ScaleMarksItem::drawBox(QCPPainter *painter, const ScaleBand &band, const Style &style)
{
    if (band.quartiles[0] <= 0 && band.quantity == ScaleQuantity::Step)
        return;
    double y[5];
    for (int i = 0; i < 5; ++i)
        y[i] = pixelY(static_cast<double>(band.quartiles[i]));
    const double centre = (pixelX(band.x.lower) + pixelX(band.x.upper)) / 2;
    const double half = std::clamp((pixelX(band.x.upper) - pixelX(band.x.lower)) * 0.3, 0.5, 14.0);
    if (half < kNarrowBox / 2) {
        QColor faint = style.colour;
        faint.setAlphaF(faint.alphaF() * 0.35f);
        m_thinLines[faint.rgba()].append(QLineF(centre, y[0], centre, y[4]));
        m_thinLines[style.colour.rgba()].append(QLineF(centre, y[1], centre, y[3]));
        return;
    }
    painter->setPen(QPen(style.colour, scaled(1.4)));
    painter->drawLine(QPointF(centre, y[0]), QPointF(centre, y[4]));
    QColor fill = style.colour;
    fill.setAlphaF(fill.alphaF() * (style.hollow ? 0.0f : 0.35f));
    painter->setPen(QPen(style.colour, 1));
    painter->setBrush(fill);
    painter->drawRect(QRectF(QPointF(centre - half, y[3]), QPointF(centre + half, y[1])));
    painter->setPen(QPen(style.colour, scaled(2.2), Qt::SolidLine, Qt::FlatCap));
    painter->drawLine(QPointF(centre - half, y[2]), QPointF(centre + half, y[2]));
}

void ScaleMarksItem::drawRing(QCPPainter *painter) const
{
    const auto layer = static_cast<std::size_t>(m_selectedLayer);
    const auto channel = static_cast<std::size_t>(m_selectedChannel);
    if (m_selectedLayer < 0 || m_selectedChannel < 0 || layer >= m_layout.bands().size())
        return;
    const ScaleBand &band = m_layout.bands()[layer];
    if (channel >= band.scales.size() || !canDraw(static_cast<double>(band.scales[channel])))
        return;
    painter->setPen(QPen(m_theme.selectionRing, scaled(2)));
    painter->setBrush(Qt::NoBrush);
    const QPointF centre(pixelX(band.xOf(m_selectedChannel)), pixelYOf(band, channel));
    painter->drawEllipse(centre, scaled(5.5), scaled(5.5));
}

} // namespace qs::ui
