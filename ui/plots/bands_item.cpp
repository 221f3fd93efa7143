// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bands_item.h"

namespace qs::ui {

namespace {

constexpr double kGap = 3;               // between two names, pixels
constexpr double kNarrowestStripe = 2;   // pixels; below nobody sees which band is the darker one
constexpr double kNarrowCharacter = 0.7; // of the average one: names as a whole are not narrower
// All in average characters.
constexpr int kLongestName = 24;        // when the band is narrower than the name
constexpr double kShortestInBand = 4.5; // an elided name in its own band
constexpr int kShortestName = 15;       // an elided name that needs its neighbours' room, because others get none

/// Widths of names in pixels, kept from one drawing to the next: plots are drawn anew at each edit, and to measure
/// thousands of names takes longer than all else.
QHash<QString, double> &widthsIn(const QFont &font)
{
    constexpr qsizetype kMost = 100'000;
    static QString measured;
    static QHash<QString, double> widths;
    if (const QString key = font.key(); key != measured || widths.size() > kMost) {
        measured = key;
        widths.clear();
    }
    return widths;
}

} // namespace

BandsItem::BandsItem(PlotCanvas &canvas)
    : PaintedItem(canvas.plot, kBandsLayer)
    , m_theme(canvas.theme)
    , m_font(plotFont())
    , m_selected(canvas.selectedLayers)
{}

void BandsItem::select(const PlotCanvas &canvas)
{
    m_selected = canvas.selectedLayers;
}

void BandsItem::draw(QCPPainter *painter)
{
    const QRect rect = area();
    m_spans.clear();
    for (const Band &band : bands)
        m_spans.push_back({std::max<double>(pixelX(band.x.lower), rect.left()),
                           std::min<double>(pixelX(band.x.upper), rect.right() + 1)});
    for (std::size_t i = 0; i < bands.size(); ++i)
        drawBackground(painter, i);
    for (std::size_t i = 0; i < bands.size(); ++i)
        drawWord(painter, i);
    drawNames(painter);
}

void BandsItem::drawBackground(QCPPainter *painter, std::size_t index) const
{
    const Band &band = bands[index];
    const Span &visible = m_spans[index];
    if (visible.width() <= 0)
        return;
    // Whole pixels, so that neighbours meet without a seam.
    const QRect rect(QPoint(qRound(visible.left), area().top()), QPoint(qRound(visible.right) - 1, area().bottom()));
    if (isSelected(band))
        painter->fillRect(rect, m_theme.selectedBand);
    else if (index % 2 == 1 && visible.width() >= kNarrowestStripe)
        painter->fillRect(rect, m_theme.plotBand);
    if (band.hatched)
        painter->fillRect(rect, QBrush(m_theme.border, Qt::BDiagPattern));
}

void BandsItem::drawWord(QCPPainter *painter, std::size_t index) const
{
    const Band &band = bands[index];
    const Span &visible = m_spans[index];
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
    // On a ground of its own: neither the hatch nor a line of the grid may go through it.
    const QColor &plain = index % 2 == 1 && !band.hatched ? m_theme.plotBand : m_theme.panel;
    painter->fillRect(box, isSelected(band) ? m_theme.selectedBand : plain);
    painter->setFont(m_font);
    painter->setPen(m_theme.secondaryText);
    painter->drawText(box, Qt::AlignCenter, band.word);
    painter->restore();
}

double BandsItem::roomFor(std::size_t index, double wish, const Names &names) const
{
    // A name stands in the middle of its band, so what is free on its nearer side counts on both.
    const double centre = m_spans[index].centre();
    double free = std::min<double>(centre, parentPlot()->viewport().right() - centre);
    const auto next = names.upper_bound(index);
    if (next != names.end())
        free = std::min(free, next->second.left - kGap - centre);
    const auto same = names.lower_bound(index);
    if (same != names.begin())
        free = std::min(free, centre - std::prev(same)->second.right - kGap);
    return std::min(wish, 2 * free);
}

void BandsItem::drawNames(QCPPainter *painter)
{
    painter->setFont(m_font);
    const QFontMetricsF metrics(m_font);
    QHash<QString, double> &widths = widthsIn(m_font);
    const double character = metrics.averageCharWidth();
    const double inOwnBand = character * kShortestInBand;
    const double abroad = character * kShortestName;
    Names names;
    const auto place = [&](std::size_t i, double wish, double shortest) {
        double width = roomFor(i, wish, names);
        // Measuring thousands of names that have no room would be slow.
        const double least = kNarrowCharacter * character * static_cast<double>(bands[i].name.size());
        if (m_spans[i].width() <= 0 || width < character || width < std::min(least, shortest))
            return;
        const auto known = widths.constFind(bands[i].name);
        const double wanted = known != widths.constEnd()
                                  ? *known
                                  : *widths.insert(bands[i].name, metrics.horizontalAdvance(bands[i].name));
        if (width < std::min(wanted, shortest))
            return;
        width = std::min(wanted, width);
        const double centre = m_spans[i].centre();
        names.insert_or_assign(i, Span{centre - width / 2, centre + width / 2});
    };
    const double longest = character * kLongestName;
    const auto placeAll = [&](auto &&wants, auto &&wish, double shortest) {
        for (std::size_t i = 0; i < bands.size(); ++i)
            if (wants(i))
                place(i, wish(i), shortest);
    };
    const auto own = [&](std::size_t i) { return m_spans[i].width() - kGap; };
    const auto wide = [&](std::size_t i) { return std::max(own(i), longest); };
    // The selected layers' names first: they are the ones that must not be thinned out. Then everybody gets what fits
    // into the own band, and only then may names that are cut, or have no room at all, use what is left over.
    const auto selected = [&](std::size_t i) { return isSelected(bands[i]); };
    placeAll([&](std::size_t i) { return selected(i) && own(i) >= inOwnBand; }, own, inOwnBand);
    placeAll([&](std::size_t i) { return selected(i) && !names.contains(i); }, wide, abroad);
    placeAll([&](std::size_t i) { return !names.contains(i) && m_spans[i].width() > 0; }, own, inOwnBand);
    placeAll([&](std::size_t i) { return names.contains(i) && selected(i); }, wide, inOwnBand);
    placeAll([&](std::size_t i) { return names.contains(i) && !selected(i); }, wide, inOwnBand);
    placeAll([&](std::size_t i) { return !names.contains(i); }, wide, abroad);
    for (auto &[index, box] : names) {
        // The second line may be the longer one, if that takes nobody's room.
        const double wanted = metrics.horizontalAdvance(detail(bands[index])) + 1;
        const double centre = box.centre();
        if (wanted > box.width() && wanted <= own(index) && roomFor(index, wanted, names) >= wanted)
            box = {centre - wanted / 2, centre + wanted / 2};
        drawName(painter, bands[index], box);
    }
}

QString BandsItem::detail(const Band &band) const
{
    return detailOf && band.count > 0 ? detailOf(band.count) : QString();
}

void BandsItem::drawName(QCPPainter *painter, const Band &band, const Span &place) const
{
    const QFontMetricsF metrics(m_font);
    const double top = area().bottom() + 6;
    const QRectF box(place.left - 1, top, place.width() + 2, metrics.lineSpacing());
    painter->setPen(isSelected(band) ? m_theme.text : m_theme.secondaryText);
    painter->drawText(box, Qt::AlignCenter | Qt::TextDontClip,
                      metrics.elidedText(band.name, Qt::ElideMiddle, place.width() + 0.5));
    const QString second = detail(band);
    if (!second.isEmpty() && metrics.horizontalAdvance(second) <= place.width() + 0.5)
        painter->drawText(box.translated(0, metrics.lineSpacing()), Qt::AlignCenter | Qt::TextDontClip, second);
}

} // namespace qs::ui
