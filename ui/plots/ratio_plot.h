// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "B against A": how many times larger each layer's error is in B.
#pragma once

#include "ui/plots/layer_plot.h"

#include <optional>
#include <vector>

namespace qs::ui {

class RatioPlot : public LayerPlot
{
    Q_OBJECT
public:
    explicit RatioPlot(Selection *selection, QWidget *parent = nullptr);

    /// B / A of each layer; empty where there is none. `what` says of which errors.
    void setRatios(std::vector<std::optional<double>> ratios, const QString &what);

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
    std::optional<AxisRange> bandOf(int layer) const override;

private:
    std::vector<std::optional<double>> m_ratios;
};

} // namespace qs::ui
