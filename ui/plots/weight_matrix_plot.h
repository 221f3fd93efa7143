// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Weights": the matrix of a layer as a picture, one row per channel.
#pragma once

#include "core/analysis/weight_map.h"
#include "ui/plots/plot_panel.h"

#include <QImage>

#include <memory>
#include <utility>
#include <vector>

namespace qs::ui {

class WeightMatrixPlot : public PlotPanel
{
    Q_OBJECT
public:
    /// Which cell value has the full colour.
    enum class Range { Usual, Full };

    explicit WeightMatrixPlot(Selection *selection, QWidget *parent = nullptr);

    /// A picture of a part of `shape`, which is the whole matrix of `layer`. Null: the message is shown.
    void setMap(std::shared_ptr<const WeightMap> map, MatrixShape shape, int layer, WeightView view,
                const QString &subtitle);
    /// Lines after so many weights, as those of one filter, and after so many channels, as those of one expert; 0:
    /// none.
    void setGrid(std::uint64_t weights, std::uint64_t channels);
    void setRange(Range range);
    /// Magnitude with the full colour.
    double limit() const;
    /// What is known of the weight under the mouse, after weightHovered().
    void setExact(std::uint64_t channel, std::uint64_t weight, const QString &text);
    /// The part of the matrix that is shown, and the pixels that there are for it.
    BlockRange visiblePart() const;
    QSize pixels() const;

    QString message() const override;
    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

signals:
    /// The mouse is over a weight.
    void weightHovered(quint64 channel, quint64 weight);
    void weightClicked(quint64 channel, quint64 weight);

protected:
    void draw(PlotCanvas &canvas) const override;
    PlotAxes axes() const override;
    AxisRange homeX() const override;
    AxisRange homeY() const override;
    bool canBeLogarithmic() const override { return false; }
    std::optional<PlotMark> markAt(QPointF pixel) const override;
    void clicked(const PlotMark &mark) override;
    void hovered(const PlotMark &mark) override;

private:
    float cellAt(std::uint64_t channel, std::uint64_t weight) const;
    QString cellText(float cell) const;
    /// Counts the cells by their shade, too.
    QImage picture(const Theme &colours, std::vector<int> &counts) const;

    std::shared_ptr<const WeightMap> m_map;
    MatrixShape m_shape;
    std::uint64_t m_gridWeights = 0;
    std::uint64_t m_gridChannels = 0;
    int m_layer = -1;
    WeightView m_view = WeightView::Weight;
    Range m_range = Range::Usual;
    std::pair<std::uint64_t, std::uint64_t> m_exactAt;
    QString m_exact;
};

} // namespace qs::ui
