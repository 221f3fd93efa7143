// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bands_item.h"

namespace qs::ui {

namespace {

constexpr double kGap = 4;        // between two names, pixels
constexpr int kLongestName = 24;  // in average characters, when the band is narrower than the name
constexpr int kShortestName = 15; // an elided name shorter than this says nothing

} // namespace

BandsItem::BandsItem(PlotCanvas &canvas)
    : PaintedItem(canvas.plot, QStringLiteral("background"))
    , m_theme(canvas.theme)
    , m_font(plotFont())
{}

BandsItem::Span BandsItem::span(const Band &band) const
{
    const QRect rect = area();
    return {std::max<double>(pixelX(band.x.lower), rect.left()),
            std::min<double>(pixelX(band.x.upper), rect.right() + 1)};
}

void BandsItem::draw(QCPPainter *painter)
{
    for (std::size_t i = 0; i < bands.size(); ++i)
        drawBackground(painter, bands[i], i);
    for (const Band &band : bands)
        drawWord(painter, band);
    drawNames(painter);
}

void BandsItem::drawBackground(QCPPainter *painter, const Band &band, std::size_t index) const
{
    const Span visible = span(band);
    if (visible.width() <= 0)
        return;
    // Whole pixels, so that neighbours meet without a seam.
    const QRect rect(QPoint(qRound(visible.left), area().top()), QPoint(qRound(visible.right) - 1, area().bottom()));
    if (band.selected)
        painter->fillRect(rect, m_theme.selectedBand);
    else if (index % 2 == 1)
        painter->fillRect(rect, m_theme.plotBand);
    if (band.hatched)
        painter->fillRect(rect, QBrush(m_theme.border, Qt::BDiagPattern));
}

void BandsItem::drawWord(QCPPainter *painter, const Band &band) const
{
    const Span visible = span(band);
    if (band.word.isEmpty() || visible.width() <= 0)
        return;
    const QFontMetricsF metrics(m_font);
    const QSizeF size(metrics.horizontalAdvance(band.word) + 8, metrics.height() + 2);
    const bool upright = size.width() > visible.width();
    if (upright && size.height() > visible.width())
        return; // the hatch and the read-out say it
    painter->save();
    painter->translate(visible.centre(), area().bottom() - 6);
    if (upright)
        painter->rotate(-90);
    const QRectF box = upright ? QRectF(QPointF(0, -size.height() / 2), size)
                               : QRectF(QPointF(-size.width() / 2, -size.height()), size);
    if (band.hatched)
        painter->fillRect(box, band.selected ? m_theme.selectedBand : m_theme.panel);
    painter->setFont(m_font);
    painter->setPen(m_theme.secondaryText);
    painter->drawText(box, Qt::AlignCenter, band.word);
    painter->restore();
}

void BandsItem::drawNames(QCPPainter *painter) const
{
    painter->setFont(m_font);
    std::vector<Span> occupied;
    // The selected layer's name first: it is the one that must not be thinned out.
    for (const Band &band : bands)
        if (band.selected)
            drawName(painter, band, occupied);
    const std::size_t fixed = occupied.size();
    for (const Band &band : bands) {
        if (band.selected)
            continue;
        // Only the last one drawn and the selected one can be in the way.
        std::vector<Span> near(occupied.begin(), occupied.begin() + static_cast<std::ptrdiff_t>(fixed));
        if (occupied.size() > fixed)
            near.push_back(occupied.back());
        const std::size_t before = near.size();
        if (drawName(painter, band, near) && near.size() > before)
            occupied.push_back(near.back());
    }
}

bool BandsItem::drawName(QCPPainter *painter, const Band &band, std::vector<Span> &occupied) const
{
    const Span visible = span(band);
    if (visible.width() <= 0)
        return false;
    const QFontMetricsF metrics(m_font);
    double room = std::max(visible.width() - 4, metrics.averageCharWidth() * kLongestName);
    // A name stands in the middle of its band, so what is free on its nearer side counts on both.
    room = std::min({room, 2 * visible.centre(), 2 * (parentPlot()->viewport().right() - visible.centre())});
    for (const Span &other : occupied) {
        if (other.left <= visible.centre() && other.right >= visible.centre())
            return false;
        const double distance =
            other.right < visible.centre() ? visible.centre() - other.right : other.left - visible.centre();
        room = std::min(room, 2 * (distance - kGap));
    }
    const double wanted = metrics.horizontalAdvance(band.name);
    if (wanted > room && room < metrics.averageCharWidth() * kShortestName)
        return false;
    const QString name = metrics.elidedText(band.name, Qt::ElideMiddle, room + 0.5);
    const double width = std::min(wanted, room) + 1;
    const double top = area().bottom() + 6;
    const QRectF box(visible.centre() - width / 2 - 1, top, width + 2, metrics.lineSpacing());
    painter->setPen(band.selected ? m_theme.text : m_theme.secondaryText);
    painter->drawText(box, Qt::AlignCenter | Qt::TextDontClip, name);
    occupied.push_back({box.left(), box.right()});
    const double detailWidth = metrics.horizontalAdvance(band.detail);
    if (!band.detail.isEmpty() && detailWidth <= std::max(width, visible.width() - 4)) {
        const QRectF below(visible.centre() - detailWidth / 2 - 1, top + metrics.lineSpacing(), detailWidth + 2,
                           metrics.lineSpacing());
        painter->drawText(below, Qt::AlignCenter | Qt::TextDontClip, band.detail);
    }
    return true;
}

} // namespace qs::ui
