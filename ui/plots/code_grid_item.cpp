// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/code_grid_item.h"

#include "ui/plots/mark_scale.h"
#include "ui/text/format.h"

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr int kFunnel = 30;         // pixels: from the axis to the pegs
constexpr int kPeg = 18;            // length of a peg
constexpr double kDense = 9;        // pixels between two codes: below it pegs become lines
constexpr double kFunnelFrom = 4;   // pixels between two codes: below it funnels are noise
constexpr double kDividedFrom = 14; // the same for the lines between two codes
constexpr double kLabelGap = 8;
constexpr double kHalfFoot = 1.5;

} // namespace

CodeGridItem::CodeGridItem(PlotCanvas &canvas, std::shared_ptr<const Distribution> distribution,
                           std::optional<double> followed)
    : PaintedItem(canvas.plot, QStringLiteral("axes"))
    , m_distribution(std::move(distribution))
    , m_followed(followed)
    , m_theme(canvas.theme)
{
    canvas.plot.xAxis->setOffset(height());
    if (const auto most = std::ranges::max_element(m_distribution->codeCounts);
        most != m_distribution->codeCounts.end())
        m_most = std::max<std::uint64_t>(*most, 1);
}

int CodeGridItem::height()
{
    return kFunnel + kPeg + 2 * QFontMetrics(plotFont()).lineSpacing() + 12;
}

double CodeGridItem::pegFoot()
{
    return kFunnel + kPeg;
}

/// Pixels between two codes.
double CodeGridItem::spacing() const
{
    const std::vector<CodePlace> &grid = m_distribution->grid;
    const double width =
        pixelX(static_cast<double>(grid.back().value)) - pixelX(static_cast<double>(grid.front().value));
    return std::abs(width) / static_cast<double>(std::max<std::size_t>(grid.size() - 1, 1));
}

std::vector<CodeGridItem::Peg> CodeGridItem::visiblePegs() const
{
    std::vector<Peg> pegs;
    for (const CodePlace &place : m_distribution->grid) {
        const double x = pixelX(static_cast<double>(place.value));
        const auto index = static_cast<std::size_t>(place.code - m_distribution->codeMin);
        const std::uint64_t count = index < m_distribution->codeCounts.size() ? m_distribution->codeCounts[index] : 0;
        // A code out of view may still catch weights that are in view.
        pegs.push_back({&place, count, x});
    }
    return pegs;
}

void CodeGridItem::draw(QCPPainter *painter)
{
    const QRect rect = area();
    const double between = spacing();
    if (!std::isfinite(between))
        return;
    const std::vector<Peg> pegs = visiblePegs();
    painter->setAntialiasing(true);
    painter->save();
    painter->setClipRect(QRectF(rect.left(), rect.top(), rect.width() + 1, rect.height() + height()));
    if (between >= kDividedFrom)
        drawThresholds(painter, pegs);
    if (between >= kFunnelFrom)
        for (const Peg &peg : pegs)
            drawFunnel(painter, peg);
    for (const Peg &peg : pegs)
        drawPeg(painter, peg, between < kDense);
    drawFollowed(painter);
    painter->restore();
    painter->setPen(QPen(m_theme.text, scaled(1)));
    painter->drawLine(QPointF(rect.left(), rect.bottom() + 1), QPointF(rect.right() + 1, rect.bottom() + 1));
    drawLabels(painter, pegs);
}

void CodeGridItem::drawThresholds(QCPPainter *painter, const std::vector<Peg> &pegs) const
{
    const QRect rect = area();
    painter->setPen(QPen(m_theme.border, 1, Qt::DashLine, Qt::FlatCap));
    for (const Peg &peg : pegs)
        if (const double x = pixelX(static_cast<double>(peg.place->from)); x > rect.left() && x < rect.right())
            painter->drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()));
}

/// From the weights that fall to a code down to its peg; the more weights, the stronger. What lies beyond the outermost
/// value is clipped, and hatched.
void CodeGridItem::drawFunnel(QCPPainter *painter, const Peg &peg) const
{
    if (peg.count == 0)
        return;
    const QRect rect = area();
    const auto edge = [&](float bound) {
        return std::clamp(pixelX(std::clamp(static_cast<double>(bound), m_distribution->min, m_distribution->max)),
                          rect.left() - 1.0, rect.right() + 2.0);
    };
    const double top = rect.bottom() + 1;
    const double foot = top + kFunnel;
    const double left = edge(peg.place->from);
    const double right = edge(peg.place->to);
    if (right - left < 0.5)
        return;
    const auto fill = [&](double from, double to, const QBrush &brush) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(brush);
        painter->drawPolygon(QPolygonF{{from, top}, {to, top}, {peg.x + kHalfFoot, foot}, {peg.x - kHalfFoot, foot}});
    };
    QColor colour = m_theme.schemeA;
    const double share = static_cast<double>(peg.count) / static_cast<double>(m_most);
    colour.setAlphaF(static_cast<float>(0.12 + 0.43 * std::sqrt(share)));
    const double low = std::clamp(pixelX(m_distribution->clipLow), left, right);
    const double high = std::clamp(pixelX(m_distribution->clipHigh), left, right);
    fill(low, high, colour);
    QColor warning = m_theme.warning;
    warning.setAlphaF(0.45F);
    if (std::isinf(peg.place->from) && left < low - 1)
        fill(left, low, warning);
    if (std::isinf(peg.place->to) && high < right - 1)
        fill(high, right, warning);
}

void CodeGridItem::drawPeg(QCPPainter *painter, const Peg &peg, bool isDense) const
{
    const double top = area().bottom() + 1 + kFunnel;
    const bool isUsed = peg.count > 0;
    if (isDense) {
        // As high as the code is used: a comb becomes a second histogram.
        const double share = std::sqrt(static_cast<double>(peg.count) / static_cast<double>(m_most));
        painter->setPen(QPen(isUsed ? m_theme.schemeA : m_theme.border, 1));
        painter->drawLine(QPointF(peg.x, top + kPeg),
                          QPointF(peg.x, top + kPeg - (isUsed ? 2 + share * (kPeg - 2) : 1)));
        return;
    }
    const QRectF body(peg.x - 2, top, 4, kPeg);
    painter->setPen(isUsed ? QPen(Qt::NoPen) : QPen(m_theme.controlOutline, 1));
    painter->setBrush(isUsed ? QBrush(m_theme.schemeA) : QBrush(m_theme.panel));
    painter->drawRect(isUsed ? body : body.adjusted(0.5, 0.5, -0.5, -0.5));
    if (peg.place->value != 0)
        return;
    painter->setPen(QPen(m_theme.selectionRing, 1.6));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(body.adjusted(-3.5, -2.5, 3.5, 2.5), 4, 4);
}

/// Code above, count below, where they have room; of many codes every second, fifth, tenth …, with zero among them.
void CodeGridItem::drawLabels(QCPPainter *painter, const std::vector<Peg> &pegs) const
{
    QFont bold = plotFont();
    bold.setBold(true);
    const QFontMetricsF metrics(bold);
    double widest = metrics.horizontalAdvance(text::integer(-m_distribution->codeMin));
    for (const Peg &peg : pegs)
        widest = std::max(widest, metrics.horizontalAdvance(text::count(peg.count)));
    int every = 1;
    for (const int step : {1, 2, 4, 8, 16, 32, 64, 128, 256}) {
        every = step;
        if (spacing() * step >= widest + kLabelGap)
            break;
    }
    const auto zero = std::ranges::find_if(pegs, [](const Peg &peg) { return peg.place->value == 0; });
    const int anchor = zero == pegs.end() ? pegs.front().place->code : zero->place->code;
    const QRect rect = area();
    const double top = rect.bottom() + 1 + kFunnel + kPeg + 4;
    const double line = metrics.lineSpacing();
    for (const Peg &peg : pegs) {
        if ((peg.place->code - anchor) % every != 0 || peg.x < rect.left() - 4 || peg.x > rect.right() + 4)
            continue;
        const QRectF first(peg.x - widest, top, 2 * widest, line);
        painter->setFont(bold);
        painter->setPen(peg.count > 0 ? m_theme.text : m_theme.secondaryText);
        painter->drawText(first, Qt::AlignCenter, text::integer(peg.place->code));
        painter->setFont(plotFont());
        painter->setPen(m_theme.secondaryText);
        painter->drawText(first.translated(0, line), Qt::AlignCenter, text::count(peg.count));
    }
}

void CodeGridItem::drawFollowed(QCPPainter *painter) const
{
    if (!m_followed)
        return;
    const auto value = static_cast<float>(*m_followed);
    const auto place = std::ranges::find_if(
        m_distribution->grid, [value](const CodePlace &one) { return value >= one.from && value < one.to; });
    if (place == m_distribution->grid.end())
        return;
    const QRect rect = area();
    const QPointF from(pixelX(*m_followed), rect.bottom() + 1);
    const QPointF to(pixelX(static_cast<double>(place->value)), rect.bottom() + 1 + kFunnel + kPeg / 2.0);
    painter->setPen(QPen(m_theme.schemeB, scaled(2), Qt::DotLine, Qt::FlatCap));
    painter->drawLine(QPointF(from.x(), rect.top()), from);
    painter->drawLine(from, to);
    painter->setPen(QPen(m_theme.panel, scaled(1.5)));
    painter->setBrush(m_theme.schemeB);
    painter->drawEllipse(from, scaled(5), scaled(5));
    painter->drawEllipse(to, scaled(5), scaled(5));
}

} // namespace qs::ui
