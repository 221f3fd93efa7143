// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Weights": how often which weight value occurs, and where the type ends.
#pragma once

#include "core/metrics/histogram.h"
#include "ui/plots/plot_panel.h"

#include <memory>
#include <optional>

namespace qs::ui {

class WeightHistogram : public PlotPanel
{
    Q_OBJECT
public:
    explicit WeightHistogram(Selection *selection, QWidget *parent = nullptr);

    /// `subtitle` says whose weights these are ("fc2, channel 120"). Null: the message is shown instead. `scheme`, when
    /// given, explains clipped weights on hover. An other range of values resets the zoom unless `keepZoom`.
    void setDistribution(std::shared_ptr<const Distribution> distribution, const QString &subtitle,
                         std::optional<Scheme> scheme = {}, bool keepZoom = false);
    /// What stands in the middle while there is no distribution.
    void setEmptyMessage(const QString &message);

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
    std::shared_ptr<const Distribution> m_distribution;
    std::optional<Scheme> m_scheme;
    QString m_emptyMessage;
};

} // namespace qs::ui
