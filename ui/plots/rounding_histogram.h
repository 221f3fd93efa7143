// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Rounding error": the shares of (x − q·s)/s, in steps.
#pragma once

#include "ui/plots/distribution_plot.h"

namespace qs::ui {

class RoundingHistogram : public DistributionPlot
{
    Q_OBJECT
public:
    explicit RoundingHistogram(Selection *selection, QWidget *parent = nullptr);

    QString message() const override;
    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

protected:
    void draw(PlotCanvas &canvas) const override;
    PlotAxes axes() const override;
    AxisRange homeX() const override;
    AxisRange homeY() const override;
    std::optional<PlotMark> markAt(QPointF pixel) const override;
};

} // namespace qs::ui
