// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Network": layers and the joins between them from left to right, coloured by their errors.
#pragma once

#include "core/analysis/shown_error.h"
#include "ui/plots/layer_plot.h"
#include "ui/plots/network_picture.h"

#include <memory>
#include <vector>

namespace qs::ui {

class NetworkPlot : public LayerPlot
{
    Q_OBJECT
public:
    /// Which error the colours tell.
    enum class Colours { Shown, UpToHere, Weights };

    explicit NetworkPlot(Selection *selection, QWidget *parent = nullptr);

    /// Null: the message is shown.
    void setPicture(std::shared_ptr<const NetworkPicture> picture);
    void setColours(Colours colours);
    Colours colours() const { return m_colours; }
    /// Colours have no place for what was there before.
    void keepGhost() override {}

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
    bool canBeLogarithmic() const override { return false; }
    std::optional<PlotMark> markAt(QPointF pixel) const override;
    std::optional<PlotMark> markOf(int layer, qint64 channel) const override;
    std::optional<AxisRange> bandOf(int layer) const override;
    void clicked(const PlotMark &mark) override;

private:
    /// What a box says of its layers: of several the worst.
    struct Face {
        ShownError::State state = ShownError::State::Pending;
        double value = 0; ///< share, for State::Value
        QString number;   ///< "0.531 %", or the word that stands for it
        int layer = -1;   ///< whose number it is; −1: the box has no layers
    };

    Face faceOf(const NetworkBox &box) const;
    ShownError errorOf(std::size_t layer) const;
    void look();
    std::optional<std::size_t> boxAt(QPointF pixel) const;
    QString nameOf(const NetworkBox &box) const;
    QString kindOf(const NetworkBox &box) const;
    QString shapeOf(std::uint32_t value) const;
    PlotMark markFor(std::size_t index) const;
    QString colourName() const;

    std::shared_ptr<const NetworkPicture> m_picture;
    std::vector<Face> m_faces; ///< by box
    AxisRange m_decades;       ///< of the colours: logarithms of shares
    Colours m_colours = Colours::Shown;
    bool m_weights = false; ///< the numbers are errors of weights
};

} // namespace qs::ui
