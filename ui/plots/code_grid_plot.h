// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Where the weights go": the histogram of a channel or layer, and under it the codes that its weights fall to.
#pragma once

#include "ui/plots/distribution_plot.h"

namespace qs::ui {

/// With one scale for all weights the codes stand where their values are; with several the plot counts codes alone.
class CodeGridPlot : public DistributionPlot
{
    Q_OBJECT
public:
    explicit CodeGridPlot(Selection *selection, QWidget *parent = nullptr);

    /// The note under the title says what follows from it.
    void setDistribution(std::shared_ptr<const Distribution> distribution, const QString &subtitle,
                         std::optional<Scheme> scheme = {}, bool keepZoom = false) override;
    /// The weight whose way is drawn; empty: none.
    void setFollowed(std::optional<double> weight);
    /// The code that a weight falls to; null where there is no common grid.
    const CodePlace *placeOf(double weight) const;
    /// Where the peg of a code stands, in coordinates of plotWidget().
    QPointF pegOf(int code) const;

    QString message() const override;
    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

signals:
    /// Somebody points at weights about so large.
    void weightChosen(double value);

protected:
    void draw(PlotCanvas &canvas) const override;
    PlotAxes axes() const override;
    AxisRange homeX() const override;
    AxisRange homeY() const override;
    std::optional<PlotMark> markAt(QPointF pixel) const override;
    void clicked(const PlotMark &mark) override;

private:
    bool hasGrid() const { return distribution() && !distribution()->grid.empty(); }
    std::uint64_t countOf(int code) const;
    std::optional<PlotMark> codeMark(double x) const;
    PlotMark gridMark(const CodePlace &place) const;
    QString countText(int code) const;
    QString noteText() const;

    std::optional<double> m_followed;
};

} // namespace qs::ui
