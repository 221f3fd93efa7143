// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PlotNavigation: mouse and wheel on a plot, and which part of each axis is shown.
#pragma once

#include "ui/plots/plot_mark.h"

#include <QObject>
#include <QPoint>

class QContextMenuEvent;
class QCustomPlot;
class QMouseEvent;
class QRubberBand;
class QWheelEvent;

namespace qs::ui {

class PlotPanel;

/// Wheel: x around the cursor; with Shift or over the y axis: y. Drag: pan. Right drag: zoom to a rectangle. Double
/// click: everything. Right click: the menu. Nobody sees more than everything, so zooming out ends there.
class PlotNavigation : public QObject
{
    Q_OBJECT
public:
    PlotNavigation(PlotPanel &panel, QCustomPlot &plot);

    /// Gives axes that are not zoomed their whole range.
    void applyHome();
    void reset();
    void resetY() { m_zoomedY = false; }
    void setX(AxisRange range);
    void setY(AxisRange range);
    bool isZoomedX() const { return m_zoomedX; }
    AxisRange x() const;
    AxisRange y() const;
    /// Factor > 1 shows less; `centre` is a pixel.
    void zoomX(double factor, double centre);
    void zoomY(double factor, double centre);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class Drag { None, Pressed, Panning, RightPressed, Rectangle };

    bool pressed(const QMouseEvent &event);
    bool moved(const QMouseEvent &event);
    bool released(const QMouseEvent &event);
    /// Without telling the companion.
    void takeX(AxisRange range);
    void takeY(AxisRange range);
    void wheel(const QWheelEvent &event);
    void pan(QPoint to);
    void zoomTo(QRect pixels);

    PlotPanel &m_panel;
    QCustomPlot &m_plot;
    QRubberBand *m_rubberBand;
    bool m_zoomedX = false;
    bool m_zoomedY = false;
    Drag m_drag = Drag::None;
    QPoint m_from;
    AxisRange m_startX; ///< ranges when the drag began
    AxisRange m_startY;
};

} // namespace qs::ui
