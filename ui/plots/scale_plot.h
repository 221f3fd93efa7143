// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Scale per channel": one dot per output channel of all layers, against the scale of the whole layer.
#pragma once

#include "ui/plots/layer_plot.h"
#include "ui/plots/scale_layout.h"

namespace qs::ui {

class ScalePlot : public LayerPlot
{
    Q_OBJECT
public:
    explicit ScalePlot(Selection *selection, QWidget *parent = nullptr);

    QString message() const override;
    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

protected:
    void rebuild() override;
    void draw(PlotCanvas &canvas) const override;
    PlotAxes axes() const override;
    AxisRange homeX() const override;
    AxisRange homeY() const override;
    std::optional<PlotMark> markAt(QPointF pixel) const override;
    std::optional<PlotMark> markOf(int layer, qint64 channel) const override;
    std::optional<AxisRange> bandOf(int layer) const override;

private:
    PlotMark channelMark(int layer, qint64 channel) const;
    PlotMark layerMark(int layer) const;

    ScaleLayout m_layout;
};

} // namespace qs::ui
