// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of channels: bars of ranges, limits of codes, and the band of the selected channel.
#pragma once

#include "ui/plots/channel_plots.h"
#include "ui/plots/plot_canvas.h"

namespace qs::ui {

/// One bar per channel, or per pixel where these are more.
class ChannelMarksItem final : public PaintedItem
{
public:
    ChannelMarksItem(PlotCanvas &canvas, std::shared_ptr<const ChannelOrder> order, bool errors);

protected:
    void draw(QCPPainter *painter) override;

private:
    /// What the channels of one bar have in common.
    struct Extent {
        double low = 0;
        double high = 0;
        double clipLow = 0; ///< the nearest ends of codes
        double clipHigh = 0;
        bool isDead = true;
    };

    Extent extentOf(std::size_t first, std::size_t last) const;
    void drawSelection(QCPPainter *painter) const;
    void drawBar(QCPPainter *painter, double left, double width, const Extent &extent) const;

    std::shared_ptr<const ChannelOrder> m_order;
    bool m_errors;
    bool m_showsLimits;
    std::size_t m_selected; ///< column
    const Theme m_theme;
};

} // namespace qs::ui
