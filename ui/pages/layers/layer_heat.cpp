// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/layers/layer_heat.h"

#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kMargin = 8;
constexpr int kGap = 6;           // between the names of the lines and the strip
constexpr float kCoolest = 0.08f; // so that a layer with a number differs from one without

QColor mixed(const QColor &cold, const QColor &hot, float share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
    return {part(cold.red(), hot.red()), part(cold.green(), hot.green()), part(cold.blue(), hot.blue())};
}

} // namespace

LayerHeat::LayerHeat(LayerModel *model, Selection *selection, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_selection(selection)
{
    setObjectName(QStringLiteral("layerHeat"));
    setMouseTracking(true);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("All layers by their numbers"));
    connect(model, &QAbstractItemModel::dataChanged, this, &LayerHeat::changed);
    connect(model, &QAbstractItemModel::modelReset, this, &LayerHeat::changed);
    connect(selection, &Selection::currentChanged, this, qOverload<>(&QWidget::update));
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &LayerHeat::changed);
}

std::vector<LayerHeat::Line> LayerHeat::lines() const
{
    std::vector<Line> lines{{LayerModel::ErrorColumn, tr("Error")}};
    if (m_model->errorKind() != ShownErrorKind::Weights)
        lines.push_back({LayerModel::SqnrColumn, tr("SQNR")});
    lines.push_back({LayerModel::SpreadColumn, tr("Spread")});
    lines.push_back({LayerModel::BytesAfterColumn, tr("Size")});
    return lines;
}

QSize LayerHeat::sizeHint() const
{
    return {200, static_cast<int>(lines().size()) * fontMetrics().height() + kMargin};
}

void LayerHeat::changed()
{
    m_image = {};
    // A new layout of the dock is wanted only where a line comes or goes.
    if (const std::size_t now = lines().size(); std::exchange(m_lines, now) != now)
        updateGeometry();
    update();
}

QRect LayerHeat::area() const
{
    int names = 0;
    for (const Line &line : lines())
        names = std::max(names, fontMetrics().horizontalAdvance(line.name));
    return rect().adjusted(kMargin + names + kGap, 0, -kMargin, -kMargin);
}

int LayerHeat::layerAt(QPoint position) const
{
    const QRect strip = area();
    const int count = m_model->rowCount();
    if (count == 0 || !strip.contains(position))
        return -1;
    return std::clamp(static_cast<int>(qint64(position.x() - strip.left()) * count / strip.width()), 0, count - 1);
}

QPoint LayerHeat::placeOf(int layer) const
{
    const QRect strip = area();
    const double share = (layer + 0.5) / std::max(1, m_model->rowCount());
    return {strip.left() + static_cast<int>(share * strip.width()), strip.center().y()};
}

std::vector<float> LayerHeat::heatOf(LayerModel::Column column) const
{
    const auto count = static_cast<std::size_t>(m_model->rowCount());
    std::vector<double> values(count, std::numeric_limits<double>::quiet_NaN());
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (std::size_t i = 0; i < count; ++i) {
        const auto number = m_model->numberOf(i, column);
        // Ratios are compared as ratios; decibels are logarithms already, and the fewer the worse.
        if (column == LayerModel::SqnrColumn)
            values[i] = number ? -*number : values[i];
        else if (number && *number > 0)
            values[i] = std::log(*number);
        if (std::isfinite(values[i])) {
            least = std::min(least, values[i]);
            most = std::max(most, values[i]);
        }
    }
    std::vector<float> heat(count, -1.0f);
    for (std::size_t i = 0; i < count; ++i)
        if (std::isfinite(values[i]))
            heat[i] = most > least ? static_cast<float>((values[i] - least) / (most - least)) : 0.0f;
    return heat;
}

void LayerHeat::paintInto(QImage &image) const
{
    const std::vector<Line> all = lines();
    const qint64 count = m_model->rowCount();
    for (int y = 0; y < image.height(); ++y) {
        const std::vector<float> heat = heatOf(all[static_cast<std::size_t>(y)].column);
        for (int x = 0; x < image.width(); ++x) {
            const qint64 first = x * count / image.width();
            const qint64 last = std::max(first + 1, (x + 1) * count / image.width());
            const float worst = *std::max_element(heat.begin() + first, heat.begin() + std::min(last, count));
            image.setPixelColor(x, y,
                                worst < 0 ? theme().panel
                                          : mixed(theme().panel, theme().schemeA, kCoolest + (1 - kCoolest) * worst));
        }
    }
}

void LayerHeat::paintEvent(QPaintEvent *)
{
    const std::vector<Line> all = lines();
    const QRect strip = area();
    if (strip.width() < 1 || m_model->rowCount() == 0)
        return;
    if (m_image.size() != QSize(strip.width(), static_cast<int>(all.size()))) {
        m_image = QImage(strip.width(), static_cast<int>(all.size()), QImage::Format_RGB32);
        paintInto(m_image);
    }
    QPainter painter(this);
    const int height = strip.height() / static_cast<int>(all.size());
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
        const QRect line(strip.left(), strip.top() + i * height, strip.width(), height - 2);
        painter.drawImage(line, m_image, QRect(0, i, m_image.width(), 1));
        painter.setPen(theme().border);
        painter.drawRect(line.adjusted(0, 0, -1, -1));
        painter.setPen(theme().secondaryText);
        painter.drawText(QRect(kMargin, line.top(), strip.left() - kMargin, line.height()),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, all[static_cast<std::size_t>(i)].name);
    }
    if (m_selection->layer() < 0)
        return;
    const int x = placeOf(m_selection->layer()).x();
    painter.fillRect(QRect(x - 1, strip.top(), 3, height * static_cast<int>(all.size()) - 2), theme().panel);
    painter.fillRect(QRect(x, strip.top(), 1, height * static_cast<int>(all.size()) - 2), theme().selectionRing);
}

void LayerHeat::mousePressEvent(QMouseEvent *event)
{
    if (const int layer = layerAt(event->position().toPoint()); layer >= 0)
        m_selection->setCurrent(layer);
}

void LayerHeat::mouseMoveEvent(QMouseEvent *event)
{
    const int layer = layerAt(event->position().toPoint());
    m_selection->setHover(layer);
    if (layer >= 0 && event->buttons() & Qt::LeftButton)
        m_selection->setCurrent(layer);
}

void LayerHeat::leaveEvent(QEvent *event)
{
    m_selection->setHover(-1);
    QWidget::leaveEvent(event);
}

bool LayerHeat::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int layer = layerAt(help->pos());
    QStringList words;
    if (layer >= 0) {
        words << m_model->index(layer, LayerModel::NameColumn).data().toString();
        for (const Line &line : lines())
            words << tr("%1: %2").arg(m_model->headerData(line.column, Qt::Horizontal, Qt::DisplayRole).toString(),
                                      m_model->index(layer, line.column).data().toString());
    }
    QToolTip::showText(help->globalPos(), text::plainToolTip(words.join(u'\n')), this);
    return true;
}

} // namespace qs::ui
