// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_navigation.h"

#include "ui/plots/plot_panel.h"

#include <QApplication>
#include <QMouseEvent>
#include <QRubberBand>
#include <QWheelEvent>
#include <qcustomplot.h>

#include <cmath>

namespace qs::ui {

namespace {

constexpr double kWheelFactor = 1.25;   // per notch of the wheel
constexpr double kNotch = 120;          // Qt's unit: eighths of a degree
constexpr double kSmallestShare = 1e-5; // of the whole range
constexpr double kOnMark = 14;          // pixels
constexpr int kSmallestRectangle = 6;   // pixels; less is a click with a trembling hand

bool isLog(const QCPAxis *axis)
{
    return axis->scaleType() == QCPAxis::stLogarithmic;
}

// Zooming and panning happen in the scale of the axis, so that a factor looks the same everywhere.
double toScale(const QCPAxis *axis, double value)
{
    return isLog(axis) ? std::log10(value) : value;
}

AxisRange toScale(const QCPAxis *axis, AxisRange range)
{
    return {toScale(axis, range.lower), toScale(axis, range.upper)};
}

AxisRange fromScale(const QCPAxis *axis, AxisRange range)
{
    return isLog(axis) ? AxisRange{std::pow(10.0, range.lower), std::pow(10.0, range.upper)} : range;
}

AxisRange rangeOf(const QCPAxis *axis)
{
    return {axis->range().lower, axis->range().upper};
}

bool isValid(const QCPAxis *axis, AxisRange range)
{
    return std::isfinite(range.lower) && std::isfinite(range.upper) && range.upper > range.lower &&
           (!isLog(axis) || range.lower > 0);
}

/// Sets a range that stays inside `home`. Returns whether it is a zoomed one.
bool setInside(QCPAxis *axis, AxisRange wanted, AxisRange home)
{
    if (!isValid(axis, wanted) || !isValid(axis, home))
        return false;
    const AxisRange whole = toScale(axis, home);
    AxisRange range = toScale(axis, wanted);
    const double size = std::max(range.size(), whole.size() * kSmallestShare);
    if (size >= whole.size() * (1 - 1e-9)) {
        axis->setRange(home.lower, home.upper);
        return false;
    }
    range.lower = std::clamp((range.lower + range.upper - size) / 2, whole.lower, whole.upper - size);
    range.upper = range.lower + size;
    range = fromScale(axis, range);
    axis->setRange(range.lower, range.upper);
    return true;
}

AxisRange zoomed(const QCPAxis *axis, double factor, double pixel)
{
    const AxisRange range = toScale(axis, rangeOf(axis));
    const double centre = toScale(axis, axis->pixelToCoord(pixel));
    return fromScale(axis, {centre - (centre - range.lower) / factor, centre + (range.upper - centre) / factor});
}

/// `start` moved so that what was under one pixel is under another.
AxisRange panned(const QCPAxis *axis, AxisRange start, double pixels, double length)
{
    const AxisRange range = toScale(axis, start);
    const double shift = pixels / std::max(length, 1.0) * range.size();
    return fromScale(axis, {range.lower - shift, range.upper - shift});
}

} // namespace

PlotNavigation::PlotNavigation(PlotPanel &panel, QCustomPlot &plot)
    : QObject(&plot)
    , m_panel(panel)
    , m_plot(plot)
    , m_rubberBand(new QRubberBand(QRubberBand::Rectangle, &plot))
{
    plot.installEventFilter(this);
    plot.setMouseTracking(true);
}

void PlotNavigation::applyHome()
{
    const auto apply = [](QCPAxis *axis, AxisRange home) {
        if (isValid(axis, home))
            axis->setRange(home.lower, home.upper);
    };
    if (!m_zoomedX)
        apply(m_plot.xAxis, m_panel.wholeX());
    if (!m_zoomedY)
        apply(m_plot.yAxis, m_panel.wholeY());
}

void PlotNavigation::reset()
{
    m_zoomedX = m_zoomedY = false;
    m_panel.aboutToShowAll();
    applyHome();
    m_panel.queueReplot();
    if (PlotNavigation *other = m_panel.companion()) {
        other->m_zoomedX = other->m_zoomedY = false;
        other->m_panel.refresh();
    }
}

void PlotNavigation::setX(AxisRange range)
{
    takeX(range);
    if (PlotNavigation *other = m_panel.companion())
        other->takeX(range);
}

void PlotNavigation::takeX(AxisRange range)
{
    m_zoomedX = setInside(m_plot.xAxis, range, m_panel.wholeX());
    m_panel.queueReplot();
}

void PlotNavigation::setY(AxisRange range)
{
    takeY(range);
    if (PlotNavigation *other = m_panel.companion())
        other->takeY(range);
}

void PlotNavigation::takeY(AxisRange range)
{
    m_zoomedY = setInside(m_plot.yAxis, range, m_panel.wholeY());
    m_panel.queueReplot();
}

AxisRange PlotNavigation::x() const
{
    return rangeOf(m_plot.xAxis);
}

AxisRange PlotNavigation::y() const
{
    return rangeOf(m_plot.yAxis);
}

void PlotNavigation::zoomX(double factor, double centre)
{
    setX(zoomed(m_plot.xAxis, factor, centre));
}

void PlotNavigation::zoomY(double factor, double centre)
{
    setY(zoomed(m_plot.yAxis, factor, centre));
}

bool PlotNavigation::eventFilter(QObject *, QEvent *event)
{
    // Everything is consumed: the plot's own mouse handling stays out of it.
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        return pressed(*static_cast<QMouseEvent *>(event));
    case QEvent::MouseMove:
        return moved(*static_cast<QMouseEvent *>(event));
    case QEvent::MouseButtonRelease:
        return released(*static_cast<QMouseEvent *>(event));
    case QEvent::MouseButtonDblClick:
        m_drag = Drag::None;
        if (const auto *mouse = static_cast<QMouseEvent *>(event); mouse->button() == Qt::LeftButton) {
            // A plot without data has no marks, and need not be able to look for some.
            const auto mark = m_panel.message().isEmpty() ? m_panel.markAt(mouse->position()) : std::nullopt;
            const bool onMark = mark && mark->ring &&
                                (m_panel.pixelOf(mark->x, mark->y) - mouse->position()).manhattanLength() < kOnMark;
            if (!onMark)
                reset();
        }
        return true;
    case QEvent::Wheel:
        wheel(*static_cast<QWheelEvent *>(event));
        event->accept();
        return true;
    case QEvent::Leave:
        m_panel.hoverAt({});
        return false;
    case QEvent::ContextMenu:
        if (auto *menu = static_cast<QContextMenuEvent *>(event); menu->reason() == QContextMenuEvent::Keyboard)
            m_panel.toolsMenu()->popup(m_plot.mapToGlobal(m_panel.plotArea().topLeft()));
        return true;
    default:
        return false;
    }
}

bool PlotNavigation::pressed(const QMouseEvent &event)
{
    m_from = event.position().toPoint();
    m_startX = x();
    m_startY = y();
    if (event.button() == Qt::LeftButton)
        m_drag = Drag::Pressed;
    else if (event.button() == Qt::RightButton)
        m_drag = Drag::RightPressed;
    return true;
}

bool PlotNavigation::moved(const QMouseEvent &event)
{
    const QPoint position = event.position().toPoint();
    const bool far = (position - m_from).manhattanLength() >= QApplication::startDragDistance();
    if (m_drag == Drag::Pressed && far) {
        m_drag = Drag::Panning;
        m_plot.setCursor(Qt::ClosedHandCursor);
    } else if (m_drag == Drag::RightPressed && far) {
        m_drag = Drag::Rectangle;
    }
    if (m_drag == Drag::None)
        m_panel.hoverAt(event.position());
    else if (m_drag == Drag::Panning)
        pan(position);
    else if (m_drag == Drag::Rectangle) {
        m_rubberBand->setGeometry(QRect(m_from, position).normalized().intersected(m_panel.plotArea()));
        m_rubberBand->show();
    }
    return true;
}

bool PlotNavigation::released(const QMouseEvent &event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    m_rubberBand->hide();
    m_plot.unsetCursor();
    if (drag == Drag::Pressed && event.button() == Qt::LeftButton)
        m_panel.clickAt(event.position());
    else if (drag == Drag::RightPressed && event.button() == Qt::RightButton)
        m_panel.toolsMenu()->popup(event.globalPosition().toPoint());
    else if (drag == Drag::Rectangle)
        zoomTo(QRect(m_from, event.position().toPoint()).normalized().intersected(m_panel.plotArea()));
    return true;
}

void PlotNavigation::wheel(const QWheelEvent &event)
{
    const QPointF position = event.position();
    const QPoint delta = event.angleDelta();
    // Some platforms turn Shift+wheel into a sideways wheel.
    const bool overY = position.x() < m_panel.plotArea().left();
    if (event.modifiers().testFlag(Qt::ShiftModifier) || overY) {
        const int amount = delta.y() != 0 ? delta.y() : delta.x();
        zoomY(std::pow(kWheelFactor, amount / kNotch), position.y());
    } else if (delta.y() != 0) {
        zoomX(std::pow(kWheelFactor, delta.y() / kNotch), position.x());
    } else if (delta.x() != 0) {
        setX(panned(m_plot.xAxis, x(), delta.x() / 2.0, m_panel.plotArea().width()));
    }
}

void PlotNavigation::pan(QPoint to)
{
    const QRect area = m_panel.plotArea();
    if (m_zoomedX)
        setX(panned(m_plot.xAxis, m_startX, to.x() - m_from.x(), area.width()));
    if (m_zoomedY)
        setY(panned(m_plot.yAxis, m_startY, m_plot.yAxis->rangeReversed() ? to.y() - m_from.y() : m_from.y() - to.y(),
                    area.height()));
}

void PlotNavigation::zoomTo(QRect pixels)
{
    const bool wide = pixels.width() >= kSmallestRectangle;
    const bool high = pixels.height() >= kSmallestRectangle;
    const AxisRange newX{m_plot.xAxis->pixelToCoord(pixels.left()), m_plot.xAxis->pixelToCoord(pixels.right() + 1)};
    const auto [least, most] =
        std::minmax({m_plot.yAxis->pixelToCoord(pixels.bottom() + 1), m_plot.yAxis->pixelToCoord(pixels.top())});
    const AxisRange newY{least, most};
    if (wide)
        setX(newX);
    if (high)
        setY(newY);
}

} // namespace qs::ui
