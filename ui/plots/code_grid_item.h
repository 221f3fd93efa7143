// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The strip of codes under a histogram: pegs where codes lie, what falls to each, their counts.
#pragma once

#include "core/analysis/distribution.h"
#include "ui/plots/plot_canvas.h"

#include <memory>
#include <optional>

namespace qs::ui {

/// Paints between the axis rectangle and the axis below it, which `reserve()` moves down.
class CodeGridItem final : public PaintedItem
{
public:
    CodeGridItem(PlotCanvas &canvas, std::shared_ptr<const Distribution> distribution, std::optional<double> followed);

    /// Height of the strip in pixels.
    static int height();
    /// Where pegs end, below the axis rectangle.
    static double pegFoot();

protected:
    void draw(QCPPainter *painter) override;

private:
    struct Peg {
        const CodePlace *place;
        std::uint64_t count;
        double x; ///< pixels
    };

    std::vector<Peg> visiblePegs() const;
    void drawThresholds(QCPPainter *painter, const std::vector<Peg> &pegs) const;
    void drawFunnel(QCPPainter *painter, const Peg &peg) const;
    void drawPeg(QCPPainter *painter, const Peg &peg, bool isDense) const;
    void drawLabels(QCPPainter *painter, const std::vector<Peg> &pegs) const;
    void drawFollowed(QCPPainter *painter) const;
    double spacing() const;

    std::shared_ptr<const Distribution> m_distribution;
    std::optional<double> m_followed;
    std::uint64_t m_most = 1; ///< weights on one code
    const Theme m_theme;
};

} // namespace qs::ui
