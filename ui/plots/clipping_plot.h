// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Error against clipping point": what a channel's error would be if the codes reached less of its range.
#pragma once

#include "core/analysis/clipping_outputs.h"
#include "ui/plots/plot_panel.h"

#include <memory>
#include <optional>

namespace qs::ui {

class ClippingPlot : public PlotPanel
{
    Q_OBJECT
public:
    explicit ClippingPlot(Selection *selection, QWidget *parent = nullptr);

    /// `subtitle` says whose weights these are, `method` by what the chosen point was found. Null: the message is shown
    /// instead.
    void setCurve(std::shared_ptr<const ClippingCurve> curve, const QString &subtitle, const QString &method);
    /// Errors of the channel's output at the points of the curve; null: not known.
    void setOutputs(std::shared_ptr<const OutputClipping> outputs);
    /// The curve of B beside it; null: none.
    void setOther(std::shared_ptr<const ClippingCurve> other);
    /// The point of the curve with the least error; null without a curve.
    const ClippingPoint *best() const;

    QString message() const override;
    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

signals:
    /// The chosen point is being moved along the curve.
    void pointDragged(const qs::ClippingPoint &point);
    /// It was let go.
    void pointChosen(const qs::ClippingPoint &point);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void draw(PlotCanvas &canvas) const override;
    PlotAxes axes() const override;
    AxisRange homeX() const override;
    AxisRange homeY() const override;
    std::optional<PlotMark> markAt(QPointF pixel) const override;

private:
    bool isOnHandle(QPointF pixel) const;
    const ClippingPoint &pointAt(double pixelX) const;
    void drawOutputs(PlotCanvas &canvas) const;
    void drawMarker(PlotCanvas &canvas, const ClippingPoint &point, const QString &words) const;

    std::shared_ptr<const ClippingCurve> m_other;
    std::shared_ptr<const OutputClipping> m_outputs; ///< as many errors as m_curve has points, or null
    std::optional<ClippingPoint> m_dragged;
    std::shared_ptr<const ClippingCurve> m_curve;
    QString m_method;
};

} // namespace qs::ui
