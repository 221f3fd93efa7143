// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/network_item.h"

#include "ui/text/format.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

using Kind = NetworkBox::Kind;

constexpr double kWidest = 210; // pixels of a box
constexpr double kTallest = 40;
constexpr double kLeast = 5;
constexpr double kWidthShare = 0.72; // of a column: the rest is for lines
constexpr double kHeightShare = 0.7; // of a row
constexpr double kJoinShare = 0.62;  // of a layer's box
constexpr double kForWords = 44;     // pixels that a box with words needs
constexpr double kNameGap = 4;       // pixels between a box and the name under it
constexpr double kShortestName = 28;
constexpr int kScaleWidth = 10; // pixels of the colour scale
constexpr int kScaleGap = 10;
constexpr int kScaleSteps = 64;
constexpr double kDarkText = 0.45; // from this brightness on

QColor mixed(const QColor &from, const QColor &to, double share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
    return {mix(from.red(), to.red()), mix(from.green(), to.green()), mix(from.blue(), to.blue())};
}

/// Brightness that an eye sees, 0 … 1.
double brightness(const QColor &colour)
{
    return 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF();
}

} // namespace

NetworkItem::NetworkItem(PlotCanvas &canvas, std::shared_ptr<const NetworkPicture> picture)
    : PaintedItem(canvas.plot, QStringLiteral("main"))
    , m_picture(std::move(picture))
    , m_theme(canvas.theme)
{}

QRectF NetworkItem::boxRect(const NetworkBox &box, QPointF centre, double column, double row)
{
    double width = std::clamp(column * kWidthShare, kLeast, kWidest);
    double height = std::clamp(row * kHeightShare, kLeast, kTallest);
    height = std::min(height, width * 1.6); // narrow boxes are no columns
    if (box.kind == Kind::Join) {
        height *= kJoinShare;
        width = std::min(width, std::max(height * 2, width * kJoinShare));
    }
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height);
}

int NetworkItem::scaleRoom(const QString &widest)
{
    return kScaleGap + kScaleWidth + 4 + QFontMetrics(plotFont()).horizontalAdvance(widest) + 6;
}

QRectF NetworkItem::rectOf(std::size_t index, double column, double row) const
{
    const QPointF place = m_picture->places[index];
    return boxRect(m_picture->map.boxes[index], {pixelX(place.x()), pixelY(place.y())}, column, row);
}

/// From the neutral colour of the matrix to its strongest, so that what costs nothing does not stand out.
QColor NetworkItem::colourAt(double heat) const
{
    const double place = std::clamp(heat, 0.0, 1.0) * 2;
    return place < 1 ? mixed(m_theme.matrix[2], m_theme.matrix[1], place)
                     : mixed(m_theme.matrix[1], m_theme.matrix[0], place - 1);
}

void NetworkItem::draw(QCPPainter *painter)
{
    const QRect rect = area();
    const double column = std::abs(pixelX(1) - pixelX(0));
    const double row = std::abs(pixelY(1) - pixelY(0));
    painter->save();
    painter->setClipRect(rect.adjusted(0, 0, 1, 1));
    painter->setAntialiasing(true);
    drawLines(painter, column, row);
    const QRectF visible = QRectF(rect).adjusted(-kWidest, -kTallest, kWidest, kTallest);
    for (std::size_t i = 0; i < m_picture->map.boxes.size(); ++i)
        if (const QRectF box = rectOf(i, column, row); visible.intersects(box))
            drawBox(painter, i, box, row);
    painter->restore();
    if (!highest.isEmpty())
        drawScale(painter);
}

/// Lines leave at the right of a box and come in at the left of the next one.
void NetworkItem::drawLines(QCPPainter *painter, double column, double row) const
{
    const QRect rect = area();
    painter->setPen(QPen(m_theme.secondaryText, column > 30 ? 1.3 : 0.8));
    painter->setBrush(Qt::NoBrush);
    for (std::size_t i = 0; i < m_picture->paths.size(); ++i) {
        const auto &points = m_picture->paths[i];
        if (pixelX(points.front().x()) > rect.right() || pixelX(points.back().x()) < rect.left())
            continue;
        const auto [from, to] = m_picture->map.lines[i];
        QPointF last(rectOf(from, column, row).right(), pixelY(points.front().y()));
        QPainterPath path(last);
        for (std::size_t k = 1; k < points.size(); ++k) {
            QPointF next(pixelX(points[k].x()), pixelY(points[k].y()));
            if (k + 1 == points.size())
                next.setX(rectOf(to, column, row).left());
            if (std::abs(next.y() - last.y()) < 0.5) {
                path.lineTo(next);
            } else {
                const double middle = (next.x() - last.x()) / 2;
                path.cubicTo(last + QPointF(middle, 0), next - QPointF(middle, 0), next);
            }
            last = next;
        }
        painter->drawPath(path);
    }
}

void NetworkItem::drawBox(QCPPainter *painter, std::size_t index, const QRectF &rect, double row) const
{
    const NetworkBox &box = m_picture->map.boxes[index];
    const NetworkFace &face = faces[index];
    const bool hasLayers = !box.layers.empty();
    const QColor fill = face.heat ? colourAt(*face.heat) : m_theme.panel;
    const double radius = box.kind == Kind::Layer || box.kind == Kind::Group ? 3 : rect.height() / 2;
    painter->setPen(QPen(hasLayers ? m_theme.text : m_theme.secondaryText, 1,
                         hasLayers && !face.heat && !face.kept ? Qt::DotLine : Qt::SolidLine));
    if (box.kind == Kind::Group && rect.height() > 12) { // one behind the other
        painter->setBrush(m_theme.panel);
        painter->drawRoundedRect(rect.translated(3, -3), radius, radius);
    }
    painter->setBrush(fill);
    painter->drawRoundedRect(rect, radius, radius);
    if (face.kept) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(QBrush(m_theme.secondaryText, Qt::BDiagPattern));
        painter->drawRoundedRect(rect, radius, radius);
    }
    if (rect.width() >= kForWords)
        drawWords(painter, index, rect, face.kept ? m_theme.panel : fill);
    else if (box.kind != Kind::Join)
        drawNameBelow(painter, index, rect, row);
}

/// Narrow boxes have their names under them, from bottom to top, where rows are far enough apart.
void NetworkItem::drawNameBelow(QCPPainter *painter, std::size_t index, const QRectF &rect, double row) const
{
    const QFontMetricsF metrics(plotFont());
    const double room = row - rect.height() - 2 * kNameGap;
    if (room < kShortestName || rect.width() / kWidthShare < metrics.height() * 0.9)
        return;
    painter->save();
    painter->setFont(plotFont());
    painter->setPen(m_theme.secondaryText);
    painter->translate(rect.center().x(), rect.bottom() + kNameGap);
    painter->rotate(-90);
    painter->drawText(QRectF(-room, -metrics.height() / 2, room, metrics.height()), Qt::AlignRight | Qt::AlignVCenter,
                      metrics.elidedText(faces[index].name, Qt::ElideLeft, room));
    painter->restore();
}

void NetworkItem::drawWords(QCPPainter *painter, std::size_t index, const QRectF &rect, const QColor &behind) const
{
    const NetworkFace &face = faces[index];
    const QFont font = plotFont();
    const QFontMetricsF metrics(font);
    const double line = metrics.height();
    if (rect.height() < line)
        return;
    painter->setFont(font);
    const bool lightText = brightness(behind) < kDarkText;
    painter->setPen(lightText ? QColor(Qt::white) : QColor(Qt::black));
    const QRectF inside = rect.adjusted(2, 0, -2, 0);
    const bool two =
        !face.number.isEmpty() && rect.height() >= 2 * line && metrics.horizontalAdvance(face.number) <= inside.width();
    // Names differ at their ends.
    const QString name = metrics.elidedText(face.name, Qt::ElideLeft, inside.width());
    const auto write = [&](double centre, const QString &words) {
        QRectF place(inside.left(), centre - line / 2, inside.width(), line);
        if (face.kept) { // on hatching, words need a ground of their own
            const double width = metrics.horizontalAdvance(words) + 4;
            painter->fillRect(QRectF(place.center().x() - width / 2, place.top(), width, line), behind);
        }
        painter->drawText(place, Qt::AlignCenter, words);
    };
    if (two) {
        write(rect.center().y() - line / 2, name);
        write(rect.center().y() + line / 2, face.number);
    } else {
        write(rect.center().y(), name);
    }
}

void NetworkItem::drawScale(QCPPainter *painter) const
{
    const QRect rect = area();
    const QRectF bar(rect.right() + kScaleGap, rect.top(), kScaleWidth, rect.height());
    for (int i = 0; i < kScaleSteps; ++i) {
        const double step = bar.height() / kScaleSteps;
        painter->fillRect(QRectF(bar.left(), bar.top() + i * step, bar.width(), step + 1),
                          colourAt(1 - static_cast<double>(i) / (kScaleSteps - 1)));
    }
    painter->setPen(QPen(m_theme.border, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(bar);
    painter->setFont(plotFont());
    painter->setPen(m_theme.secondaryText);
    const double line = QFontMetricsF(plotFont()).lineSpacing();
    painter->drawText(QRectF(bar.right() + 4, bar.top() - 2, 90, line), Qt::AlignLeft | Qt::AlignVCenter, highest);
    painter->drawText(QRectF(bar.right() + 4, bar.bottom() - line + 2, 90, line), Qt::AlignLeft | Qt::AlignVCenter,
                      lowest);
}

NetworkSelectionItem::NetworkSelectionItem(PlotCanvas &canvas, std::shared_ptr<const NetworkPicture> picture)
    : PaintedItem(canvas.plot, kSelectionLayer)
    , m_picture(std::move(picture))
    , m_theme(canvas.theme)
    , m_selected(canvas.selectedLayers)
{
    setClipToAxisRect(true);
}

void NetworkSelectionItem::select(const PlotCanvas &canvas)
{
    m_selected = canvas.selectedLayers;
}

void NetworkSelectionItem::draw(QCPPainter *painter)
{
    const double column = std::abs(pixelX(1) - pixelX(0));
    const double row = std::abs(pixelY(1) - pixelY(0));
    painter->setPen(QPen(m_theme.selectionRing, 2.5));
    painter->setBrush(Qt::NoBrush);
    for (std::size_t i = 0; i < m_picture->map.boxes.size(); ++i) {
        const NetworkBox &box = m_picture->map.boxes[i];
        if (std::ranges::none_of(box.layers,
                                 [this](std::size_t layer) { return m_selected.contains(static_cast<int>(layer)); }))
            continue;
        const QPointF place = m_picture->places[i];
        const QRectF rect = NetworkItem::boxRect(box, {pixelX(place.x()), pixelY(place.y())}, column, row);
        painter->drawRoundedRect(rect.adjusted(-3, -3, 3, 3), 5, 5);
    }
}

} // namespace qs::ui
