// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// OtherScalesItem: scales beside those that the scale plot shows: of B, or of the state before the last change.
#pragma once

#include "ui/plots/plot_canvas.h"
#include "ui/plots/scale_layout.h"

namespace qs::ui {

/// Refers to both layouts, which must outlive it. They have the same bands.
class OtherScalesItem final : public PaintedItem
{
public:
    enum class Kind {
        B,     ///< hollow squares, a dotted line for one scale
        Ghost, ///< hollow dots and dashed lines, only of bands whose scales are other ones now
    };

    OtherScalesItem(const PlotCanvas &canvas, const ScaleLayout &other, const ScaleLayout &shown, Kind kind);

protected:
    void draw(QCPPainter *painter) override;

private:
    void drawBand(QCPPainter *painter, const ScaleBand &band, AxisRange x, bool dots);
    void paintMark(QPainter &painter, QPointF centre) const;
    QPixmap mark() const;

    const ScaleLayout &m_other;
    const ScaleLayout &m_shown;
    const Kind m_kind;
    const QColor m_colour;
    const bool m_vectors;
    QList<QLineF> m_thinLines; ///< of bands that are too narrow for a pattern; drawn together
};

} // namespace qs::ui
