// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/histogram_bars.h"

#include "ui/plots/mark_scale.h"

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr double kBarShare = 0.92;     // of a bin's width, so that bins can be told apart
constexpr double kLogBase = 0.7;       // below one count, so that a single one can be seen
constexpr double kRoomForWords = 1.18; // above the highest bar
constexpr qsizetype kMostSmoothBars = 1000;

} // namespace

double binWidth(const Histogram &histogram)
{
    return (histogram.high - histogram.low) / static_cast<double>(std::max<std::size_t>(histogram.counts.size(), 1));
}

AxisRange binRange(const Histogram &histogram, std::size_t bin)
{
    const double width = binWidth(histogram);
    const double low = histogram.low + static_cast<double>(bin) * width;
    return {low, low + width};
}

std::optional<std::size_t> binAt(const Histogram &histogram, double x)
{
    if (histogram.counts.empty() || x < histogram.low || x > histogram.high || binWidth(histogram) <= 0)
        return std::nullopt;
    const auto bin = static_cast<std::size_t>((x - histogram.low) / binWidth(histogram));
    return std::min(bin, histogram.counts.size() - 1);
}

void drawBins(PlotCanvas &canvas, const Histogram &histogram, double factor)
{
    QVector<double> x, y;
    for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
        if (histogram.counts[bin] == 0)
            continue;
        const AxisRange range = binRange(histogram, bin);
        x << (range.lower + range.upper) / 2;
        y << static_cast<double>(histogram.counts[bin]) * factor;
    }
    QCPBars *bars = canvas.addBars(x, y, kLogBase * factor);
    bars->setWidth(binWidth(histogram) * kBarShare);
    bars->setPen(Qt::NoPen);
    bars->setAntialiasedFill(x.size() <= kMostSmoothBars);
    bars->setBrush(canvas.theme.schemeA);
}

void drawOtherBins(PlotCanvas &canvas, const Histogram &histogram, double factor)
{
    QVector<double> x, y;
    const double foot = canvas.logarithmic ? kLogBase * factor : 0;
    const double width = binWidth(histogram);
    const auto add = [&](double place, double value) {
        x << place;
        y << std::max(value, foot);
    };
    add(histogram.low, 0);
    for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
        const AxisRange range = binRange(histogram, bin);
        const double value = static_cast<double>(histogram.counts[bin]) * factor;
        add(range.lower, value);
        add(range.lower + width, value);
    }
    add(histogram.high, 0);
    QCPGraph *line = canvas.plot.addGraph();
    line->setAdaptiveSampling(false); // it would tilt the steps
    line->setData(x, y, true);
    // Codes make spikes, between which dots would fill everything.
    line->setPen(QPen(canvas.theme.schemeB, scaled(1.2)));
}

AxisRange binsHomeY(const Histogram &histogram, double factor, bool logarithmic)
{
    const auto highest = std::ranges::max_element(histogram.counts);
    const double top = highest == histogram.counts.end() || *highest == 0 ? 1 : static_cast<double>(*highest);
    if (logarithmic)
        return {kLogBase * factor, std::max(top * 2, kLogBase * 10) * factor};
    return {0, top * factor * kRoomForWords};
}

LimitsItem::LimitsItem(PlotCanvas &canvas, AxisRange limits, QString lowerText, QString upperText)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_limits(limits)
    , m_lowerText(std::move(lowerText))
    , m_upperText(std::move(upperText))
    , m_theme(canvas.theme)
{
    setClipToAxisRect(true);
}

void LimitsItem::draw(QCPPainter *painter)
{
    const QRect rect = area();
    const double lower = pixelX(m_limits.lower);
    const double upper = pixelX(m_limits.upper);
    const QBrush hatch(m_theme.border, Qt::BDiagPattern);
    if (lower > rect.left())
        painter->fillRect(QRectF(QPointF(rect.left(), rect.top()), QPointF(lower, rect.bottom() + 1)), hatch);
    if (upper < rect.right())
        painter->fillRect(QRectF(QPointF(upper, rect.top()), QPointF(rect.right() + 1, rect.bottom() + 1)), hatch);
    painter->setPen(QPen(m_theme.text, scaled(1.2), Qt::DashLine, Qt::FlatCap));
    for (double x : {lower, upper})
        painter->drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
    drawText(painter, upper, m_upperText, true);
    drawText(painter, lower, m_lowerText, false);
}

void LimitsItem::drawText(QCPPainter *painter, double x, const QString &text, bool inwardsIsLeft) const
{
    const QRect rect = area();
    if (text.isEmpty() || x < rect.left() - 1 || x > rect.right() + 2)
        return;
    const QFont font = plotFont();
    const QFontMetricsF metrics(font);
    const double width = metrics.horizontalAdvance(text) + 6;
    QRectF box(inwardsIsLeft ? x - width - 3 : x + 3, rect.top() + 2, width, metrics.height() + 2);
    if (!inwardsIsLeft)
        box.translate(0, metrics.height() + 4); // both would meet in a narrow plot
    // In large text one side of the line may be too narrow.
    box.moveRight(std::min(box.right(), QRectF(rect).right()));
    box.moveLeft(std::max(box.left(), QRectF(rect).left()));
    painter->fillRect(box, m_theme.panel);
    painter->setFont(font);
    painter->setPen(m_theme.secondaryText);
    painter->drawText(box, Qt::AlignCenter, text);
}

OtherLimitsItem::OtherLimitsItem(PlotCanvas &canvas, AxisRange limits)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_limits(limits)
    , m_colour(canvas.theme.schemeB)
{
    setClipToAxisRect(true);
}

void OtherLimitsItem::draw(QCPPainter *painter)
{
    const QRect rect = area();
    painter->setPen(QPen(m_colour, scaled(1.8), Qt::DotLine, Qt::FlatCap));
    for (const double limit : {m_limits.lower, m_limits.upper})
        painter->drawLine(QPointF(pixelX(limit), rect.top()), QPointF(pixelX(limit), rect.bottom()));
}

LevelTicksItem::LevelTicksItem(PlotCanvas &canvas, const std::vector<CodePlace> &grid)
    : PaintedItem(canvas.plot, QStringLiteral("axes"))
    , m_colour(canvas.theme.schemeA)
{
    for (const CodePlace &place : grid)
        m_levels.push_back(place.value);
    canvas.plot.xAxis->setTickLength(0, 0);
    canvas.plot.xAxis->setTickLabelPadding(kLength + 6);
}

void LevelTicksItem::draw(QCPPainter *painter)
{
    const QRect rect = area();
    painter->setAntialiasing(false);
    painter->setPen(QPen(m_colour, scaled(1)));
    for (float level : m_levels) {
        const double x = pixelX(static_cast<double>(level));
        if (x >= rect.left() && x <= rect.right() + 1)
            painter->drawLine(QPointF(x, rect.bottom() + 2), QPointF(x, rect.bottom() + 2 + kLength));
    }
}

} // namespace qs::ui
