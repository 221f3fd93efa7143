// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PlotOverlay: the light on the hovered layer, the ring and the read-out box; repainted without the plot below.
#pragma once

#include "ui/plots/plot_canvas.h"

#include <optional>

namespace qs::ui {

class PlotOverlay
{
public:
    explicit PlotOverlay(QCustomPlot &plot);

    /// The item itself: a canvas that is cleared must keep it.
    QCPLayerable *item() const;
    /// What the next replot shows: band, ring and box, each only when there is something to show. Paints nothing.
    /// Returns whether there is or was anything to see.
    bool setState(std::optional<AxisRange> band, const std::optional<PlotMark> &mark);
    /// Paints the overlay alone. Only while what is below has been painted: else QCustomPlot replots everything.
    void repaint();
    QString boxText() const;

private:
    class Item;
    QCustomPlot &m_plot;
    Item *m_item; // owned by the plot
};

} // namespace qs::ui
