// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/weight_matrix_plot.h"

#include "ui/plots/plot_canvas.h"
#include "ui/text/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qs::ui {

namespace {

constexpr int kShades = 256;
constexpr int kScaleWidth = 10; // pixels of the colour scale
constexpr int kScaleGap = 8;
constexpr int kShadesPerBin = 4;      // of the histogram beside the colour scale
constexpr int kHistogramWidth = 26;   // beside the colour scale
constexpr double kNarrowestLines = 5; // pixels between lines of the grid

/// Colours from −1 to 1.
std::array<QRgb, kShades> shadesOf(const Theme &colours)
{
    std::array<QRgb, kShades> shades{};
    for (int i = 0; i < kShades; ++i) {
        const double place = static_cast<double>(i) / (kShades - 1) * (static_cast<double>(colours.matrix.size()) - 1);
        const auto low = std::min(static_cast<std::size_t>(place), colours.matrix.size() - 2);
        const double share = place - static_cast<double>(low);
        const QColor &from = colours.matrix[low];
        const QColor &to = colours.matrix[low + 1];
        const auto mixed = [share](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * share)); };
        shades[static_cast<std::size_t>(i)] =
            qRgb(mixed(from.red(), to.red()), mixed(from.green(), to.green()), mixed(from.blue(), to.blue()));
    }
    return shades;
}

/// The picture where its part lies, the band of the selected channel, and the colours with their numbers.
class MatrixItem final : public PaintedItem
{
public:
    /// Lines of the grid after so many weights and channels; 0: none.
    struct Grid {
        std::uint64_t weights = 0;
        std::uint64_t channels = 0;
    };

    MatrixItem(PlotCanvas &canvas, QImage picture, std::vector<int> counts, const BlockRange &part, double limit,
               qint64 channel, Grid grid)
        : PaintedItem(canvas.plot, QStringLiteral("main"))
        , m_picture(std::move(picture))
        , m_counts(std::move(counts))
        , m_part(part)
        , m_limit(limit)
        , m_channel(channel)
        , m_grid(grid)
        , m_theme(canvas.theme)
    {}

protected:
    void draw(QCPPainter *painter) override
    {
        const QRect rect = area();
        const QRectF target(
            QPointF(pixelX(static_cast<double>(m_part.weight)), pixelY(static_cast<double>(m_part.channel))),
            QPointF(pixelX(static_cast<double>(m_part.weight + m_part.weights)),
                    pixelY(static_cast<double>(m_part.channel + m_part.channels))));
        painter->save();
        painter->setClipRect(rect.adjusted(0, 0, 1, 1));
        painter->setRenderHint(QPainter::SmoothPixmapTransform, false);
        painter->drawImage(target, m_picture);
        drawGrid(painter, target);
        if (m_channel >= 0) {
            painter->setPen(QPen(m_theme.selectionRing, 1.5));
            painter->setBrush(Qt::NoBrush);
            const double top = pixelY(static_cast<double>(m_channel));
            const double bottom = pixelY(static_cast<double>(m_channel) + 1);
            painter->drawRect(QRectF(QPointF(target.left(), top), QPointF(target.right(), std::max(bottom, top + 2))));
        }
        painter->restore();
        drawScale(painter);
    }

private:
    void drawGrid(QCPPainter *painter, const QRectF &target) const
    {
        painter->setPen(QPen(m_theme.secondaryText, 1));
        painter->setAntialiasing(false);
        const double across = m_grid.weights > 0 ? pixelX(double(m_grid.weights)) - pixelX(0) : 0;
        for (std::uint64_t i = m_grid.weights; across >= kNarrowestLines && i < m_part.weight + m_part.weights;
             i += m_grid.weights)
            if (i > m_part.weight)
                painter->drawLine(QPointF(pixelX(double(i)), target.top()),
                                  QPointF(pixelX(double(i)), target.bottom()));
        const double down = m_grid.channels > 0 ? pixelY(double(m_grid.channels)) - pixelY(0) : 0;
        for (std::uint64_t i = m_grid.channels; down >= kNarrowestLines && i < m_part.channel + m_part.channels;
             i += m_grid.channels)
            if (i > m_part.channel)
                painter->drawLine(QPointF(target.left(), pixelY(double(i))),
                                  QPointF(target.right(), pixelY(double(i))));
    }

    /// How many cells have each colour; by logarithm, so that single ones are seen.
    void drawHistogram(QCPPainter *painter, const QRectF &bar) const
    {
        const int most = *std::ranges::max_element(m_counts);
        if (most == 0)
            return;
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_theme.secondaryText);
        painter->setAntialiasing(false);
        const double height = bar.height() / static_cast<double>(m_counts.size());
        for (std::size_t i = 0; i < m_counts.size(); ++i) {
            const double length = std::log1p(m_counts[i]) / std::log1p(most) * (kHistogramWidth - 4);
            painter->drawRect(QRectF(bar.right() + 3, bar.bottom() - static_cast<double>(i + 1) * height, length,
                                     std::max(height, 1.0)));
        }
    }

    void drawScale(QCPPainter *painter) const
    {
        const QRect rect = area();
        const QRectF bar(rect.right() + kScaleGap, rect.top(), kScaleWidth, rect.height());
        const auto shades = shadesOf(m_theme);
        QImage column(1, kShades, QImage::Format_RGB32);
        for (int i = 0; i < kShades; ++i)
            column.setPixel(0, i, shades[static_cast<std::size_t>(kShades - 1 - i)]);
        painter->drawImage(bar, column);
        painter->setPen(QPen(m_theme.border, 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(bar);
        drawHistogram(painter, bar);
        painter->setFont(plotFont());
        painter->setPen(m_theme.secondaryText);
        const double line = QFontMetricsF(plotFont()).lineSpacing();
        const double left = bar.right() + kHistogramWidth + 4;
        const auto write = [&](double y, double value) {
            painter->drawText(QRectF(left, y, 90, line), Qt::AlignLeft | Qt::AlignVCenter,
                              value == 0 ? QStringLiteral("0") : text::number(value, 2));
        };
        write(bar.top() - 2, m_limit);
        write(bar.center().y() - line / 2, 0);
        write(bar.bottom() - line + 2, -m_limit);
    }

    QImage m_picture;
    std::vector<int> m_counts; ///< of cells of some shades each, from the most negative on
    BlockRange m_part;
    double m_limit;
    qint64 m_channel;
    Grid m_grid;
    const Theme m_theme;
};

} // namespace

WeightMatrixPlot::WeightMatrixPlot(Selection *selection, QWidget *parent)
    : PlotPanel(tr("Weights of the layer"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.weights"));
    setEmptyMessage(tr("Select a layer to see its weights as a picture."));
}

void WeightMatrixPlot::setMap(std::shared_ptr<const WeightMap> map, MatrixShape shape, int layer, WeightView view,
                              const QString &subtitle)
{
    const bool same = layer == m_layer && shape == m_shape;
    m_map = std::move(map);
    m_shape = shape;
    m_layer = layer;
    m_view = view;
    m_exact.clear();
    setSubtitle(subtitle);
    refresh();
    if (!same)
        resetZoom();
}

void WeightMatrixPlot::setGrid(std::uint64_t weights, std::uint64_t channels)
{
    m_gridWeights = weights;
    m_gridChannels = channels;
    refresh();
}

void WeightMatrixPlot::setRange(Range range)
{
    m_range = range;
    refresh();
}

double WeightMatrixPlot::limit() const
{
    if (!m_map)
        return 1;
    const auto wanted = static_cast<double>(m_range == Range::Usual ? m_map->usual : m_map->largest);
    return wanted > 0 ? wanted : 1;
}

void WeightMatrixPlot::setExact(std::uint64_t channel, std::uint64_t weight, const QString &text)
{
    m_exactAt = {channel, weight};
    m_exact = text;
    hoverAgain();
}

BlockRange WeightMatrixPlot::visiblePart() const
{
    const auto cut = [](AxisRange range, std::uint64_t size) {
        const auto most = static_cast<double>(size);
        const double low = std::clamp(std::floor(range.lower), 0.0, most - 1);
        const double high = std::clamp(std::ceil(range.upper), low + 1, most);
        return std::pair(static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high - low));
    };
    if (m_shape.channels == 0 || m_shape.weights == 0)
        return {};
    const auto [channel, channels] = cut(yRange(), m_shape.channels);
    const auto [weight, weights] = cut(xRange(), m_shape.weights);
    return {channel, channels, weight, weights};
}

QSize WeightMatrixPlot::pixels() const
{
    return plotArea().size() * devicePixelRatioF();
}

QString WeightMatrixPlot::message() const
{
    return m_map ? QString() : emptyMessage();
}

QString WeightMatrixPlot::summary() const
{
    return tr("%1 channels of %2 weights, largest magnitude %3")
        .arg(text::count(m_shape.channels), text::count(m_shape.weights),
             text::number(static_cast<double>(m_map->largest)));
}

QList<PlotSeries> WeightMatrixPlot::series() const
{
    return {};
}

PlotTable WeightMatrixPlot::table() const
{
    PlotTable table;
    table.headers = {tr("Channel"), tr("Weight"), tr("Cell")};
    if (!m_map)
        return table;
    table.rows = static_cast<qsizetype>(m_map->cells.size());
    table.cell = [map = m_map](qsizetype row, int column) -> QVariant {
        const auto index = static_cast<std::uint64_t>(row);
        if (column == 0)
            return static_cast<qulonglong>(map->part.channel + index / map->columns * map->part.channels / map->rows);
        if (column == 1)
            return static_cast<qulonglong>(map->part.weight + index % map->columns * map->part.weights / map->columns);
        return map->cells[index];
    };
    return table;
}

PlotAxes WeightMatrixPlot::axes() const
{
    return {tr("weights of a channel"), tr("channel"), true};
}

AxisRange WeightMatrixPlot::homeX() const
{
    return {0, std::max(1.0, static_cast<double>(m_shape.weights))};
}

AxisRange WeightMatrixPlot::homeY() const
{
    return {0, std::max(1.0, static_cast<double>(m_shape.channels))};
}

QImage WeightMatrixPlot::picture(const Theme &colours, std::vector<int> &counts) const
{
    const auto shades = shadesOf(colours);
    counts.assign(kShades / kShadesPerBin, 0);
    QImage image(static_cast<int>(m_map->columns), static_cast<int>(m_map->rows), QImage::Format_RGB32);
    const auto factor = static_cast<float>((kShades - 1) / 2.0 / limit());
    const QRgb broken = colours.error.rgb(); // NaN and infinity
    for (int row = 0; row < image.height(); ++row) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(row));
        const float *cells = m_map->cells.data() + static_cast<std::size_t>(row) * m_map->columns;
        for (int column = 0; column < image.width(); ++column) {
            const float place = cells[column] * factor + (kShades - 1) / 2.0F;
            if (!std::isfinite(place)) {
                line[column] = broken;
                continue;
            }
            const auto shade = static_cast<std::size_t>(std::clamp(place, 0.0F, static_cast<float>(kShades - 1)));
            line[column] = shades[shade];
            ++counts[shade / kShadesPerBin];
        }
    }
    return image;
}

void WeightMatrixPlot::draw(PlotCanvas &canvas) const
{
    canvas.setTickers(PlainTicker::Kind::Count, PlainTicker::Kind::Count);
    canvas.plot.yAxis->setRangeReversed(true);
    const QString widest = text::number(-limit(), 2);
    const int room =
        kScaleGap + kScaleWidth + kHistogramWidth + 4 + QFontMetrics(plotFont()).horizontalAdvance(widest) + 4;
    canvas.plot.axisRect()->setMinimumMargins(QMargins(4, 8, room, 2));
    for (QCPAxis *axis : {canvas.plot.xAxis, canvas.plot.yAxis})
        axis->grid()->setVisible(false);
    const qint64 channel = canvas.selectedLayer == m_layer ? canvas.selectedChannel : -1;
    std::vector<int> counts;
    const QImage drawn = picture(canvas.theme, counts);
    new MatrixItem(canvas, drawn, counts, m_map->part, limit(), channel, {m_gridWeights, m_gridChannels});
}

float WeightMatrixPlot::cellAt(std::uint64_t channel, std::uint64_t weight) const
{
    const BlockRange &part = m_map->part;
    if (channel < part.channel || channel >= part.channel + part.channels || weight < part.weight ||
        weight >= part.weight + part.weights)
        return std::numeric_limits<float>::quiet_NaN();
    const std::uint64_t row = (channel - part.channel) * m_map->rows / part.channels;
    const std::uint64_t column = (weight - part.weight) * m_map->columns / part.weights;
    return m_map->cells[row * m_map->columns + column];
}

QString WeightMatrixPlot::cellText(float cell) const
{
    const auto value = static_cast<double>(cell);
    switch (m_view) {
    case WeightView::Weight:
        return tr("weight %1").arg(text::number(value));
    case WeightView::Code:
        return tr("%1 steps from zero").arg(text::shortNumber(value, 4));
    case WeightView::Difference:
        return tr("difference %1 steps").arg(text::number(value, 3));
    case WeightView::Clipped:
        return cell == 0 ? tr("not clipped") : tr("clipped by %1 steps").arg(text::number(value, 3));
    }
    return {};
}

std::optional<PlotMark> WeightMatrixPlot::markAt(QPointF pixel) const
{
    if (!plotArea().contains(pixel.toPoint()))
        return std::nullopt;
    const QPointF at = coordinatesOf(pixel);
    if (at.x() < 0 || at.y() < 0 || at.x() >= static_cast<double>(m_shape.weights) ||
        at.y() >= static_cast<double>(m_shape.channels))
        return std::nullopt;
    const auto weight = static_cast<std::uint64_t>(at.x());
    const auto channel = static_cast<std::uint64_t>(at.y());
    PlotMark mark;
    mark.layer = m_layer;
    mark.channel = static_cast<qint64>(channel);
    mark.x = at.x();
    mark.y = at.y();
    mark.ring = false;
    QStringList lines{tr("channel %1, weight %2").arg(channel).arg(weight)};
    const bool isOne = m_map->part.channels == m_map->rows && m_map->part.weights == m_map->columns;
    if (!m_exact.isEmpty() && m_exactAt == std::pair(channel, weight))
        lines << m_exact;
    else if (const float cell = cellAt(channel, weight); !std::isnan(cell))
        lines << (isOne ? cellText(cell) : tr("largest of these: %1").arg(cellText(cell)));
    mark.box = lines.join(u'\n');
    mark.status = QString(mark.box).replace(u'\n', QStringLiteral("   "));
    return mark;
}

void WeightMatrixPlot::clicked(const PlotMark &mark)
{
    emit weightClicked(static_cast<quint64>(mark.channel), static_cast<quint64>(mark.x));
}

void WeightMatrixPlot::hovered(const PlotMark &mark)
{
    emit weightHovered(static_cast<quint64>(mark.channel), static_cast<quint64>(mark.x));
}

} // namespace qs::ui
