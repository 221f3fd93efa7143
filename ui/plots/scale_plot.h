// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Scale per channel": one dot per output channel of all layers, against the scale of the whole layer.
#pragma once

#include "ui/plots/layer_plot.h"
#include "ui/plots/scale_layout.h"

#include <optional>

namespace qs::ui {

class ScalePlot : public LayerPlot
{
    Q_OBJECT
public:
    explicit ScalePlot(Selection *selection, QWidget *parent = nullptr);

    ScaleQuantity quantity() const { return m_quantity; }
    void setQuantity(ScaleQuantity quantity);
    void keepGhost() override;

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
    void aboutToShowAll() override;
    bool canBeLogarithmic() const override { return showsSteps(); }
    bool showsSteps() const { return m_quantity == ScaleQuantity::Step; }
    void addMenu();
    /// What a channel's read-out says of its scale, or of its scales.
    QString scaleText(const ScaleBand &band, std::size_t channel) const;
    /// Whole decades around all scales on show, when the axis is logarithmic.
    std::optional<AxisRange> decades() const;
    PlotMark channelMark(int layer, qint64 channel) const;
    /// What B has for a channel; empty without B.
    QString otherScale(int layer, std::size_t channel) const;
    PlotMark layerMark(int layer) const;

    ScaleQuantity m_quantity = ScaleQuantity::Step;
    ScaleLayout m_layout;
    ScaleLayout m_otherLayout;        ///< of B
    ScaleLayout m_ghost;              ///< before the last change; no bands: there is none
    std::optional<AxisRange> m_grown; ///< the logarithmic axis, which grows until somebody asks for less
};

} // namespace qs::ui
