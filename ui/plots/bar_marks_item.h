// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around bars: their numbers, and the outline of what they were before the last change.
#pragma once

#include "ui/plots/plot_canvas.h"

#include <optional>
#include <vector>

namespace qs::ui {

class BarMarksItem final : public PaintedItem
{
public:
    struct Bar {
        double x = 0;
        std::optional<double> value = {};  ///< top of the bar
        std::optional<double> before = {}; ///< top of the outline
        std::optional<double> point = {};  ///< of a line through this column; words stay clear of it
        QString number = {};               ///< on the bar, where its column is wide enough
        QString total = {};                ///< near the point, always, and on no other words
        bool besideAnother = false;        ///< a bar of B stands on its right
    };

    /// `width` of the bars in columns.
    BarMarksItem(PlotCanvas &canvas, double width);
    std::vector<Bar> bars;

protected:
    void draw(QCPPainter *painter) override;

private:
    void drawOutline(QCPPainter *painter, const Bar &bar);
    /// Words on top of a bar, or inside it.
    void drawNumber(QCPPainter *painter, const Bar &bar);
    void drawTotal(QCPPainter *painter, const Bar &bar) const;
    QRectF boxOf(const QString &words, const QFont &font, const Bar &bar, double bottom) const;
    double lowestOver(const QRectF &box, double bottom) const;

    double m_width;
    const Theme m_theme;
    QList<QLineF> m_thinLines; ///< tops of narrow outlines; drawn together
    QList<QRectF> m_words;     ///< places of the numbers that were drawn
};

} // namespace qs::ui
