// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Weights": how often which weight value occurs, and where the type ends.
#pragma once

#include "ui/plots/distribution_plot.h"

namespace qs::ui {

class WeightHistogram : public DistributionPlot
{
    Q_OBJECT
public:
    explicit WeightHistogram(Selection *selection, QWidget *parent = nullptr);

    void setDistribution(std::shared_ptr<const Distribution> distribution, const QString &subtitle,
                         std::optional<Scheme> scheme = {}, bool keepZoom = false) override;

    /// Limits that somebody is about to choose, in place of those in force; nothing: these.
    void setProposal(std::optional<AxisRange> limits);

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

private:
    std::optional<AxisRange> m_proposal;
};

} // namespace qs::ui
