// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Size against error": the best choices for every size, all layers alike, and the recipe in force.
#pragma once

#include "core/search/search.h"
#include "ui/plots/plot_panel.h"

#include <optional>
#include <vector>

class QKeyEvent;

namespace qs::ui {

class BudgetPlot : public PlotPanel
{
    Q_OBJECT
public:
    struct Points {
        std::vector<SearchPoint> frontier; ///< by ascending bytes
        std::vector<SearchPoint> uniform;
        std::optional<SearchPoint> today;
        SearchMetric metric = SearchMetric::Output;
    };

    explicit BudgetPlot(Selection *selection, QWidget *parent = nullptr);

    /// Points may be dragged along the frontier while `canDrag`.
    void setPoints(Points points, bool canDrag);
    const Points &points() const { return m_points; }
    /// Where a point is drawn, in coordinates of plotWidget().
    QPointF pixelOfPoint(const SearchPoint &point) const;

    QString message() const override;
    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

signals:
    /// The recipe in force is being moved to that point of the frontier.
    void pointDragged(std::size_t point);
    /// It was let go, or Esc was pressed.
    void dragEnded(bool keep);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void draw(PlotCanvas &canvas) const override;
    PlotAxes axes() const override;
    AxisRange homeX() const override;
    AxisRange homeY() const override;
    std::optional<PlotMark> markAt(QPointF pixel) const override;

private:
    struct Unit {
        double bytes;
        QString name;
    };

    bool handleMouse(QEvent *event);
    bool isOwnKey(const QKeyEvent &event) const;
    void handleOwnKey(int key);
    void dragTo(QPointF pixel);
    void endDrag(bool keep);
    bool isOnHandle(QPointF pixel) const;
    std::vector<const SearchPoint *> all() const;
    Unit unit() const;
    double xOf(const SearchPoint &point) const;
    double yOf(const SearchPoint &point) const;
    void drawFrontier(PlotCanvas &canvas) const;

    Points m_points;
    bool m_canDrag = false;
    std::optional<std::size_t> m_dragged;
};

} // namespace qs::ui
