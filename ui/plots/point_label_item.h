// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PointLabelItem: a few words beside one point of a plot.
#pragma once

#include "ui/plots/plot_canvas.h"

namespace qs::ui {

class PointLabelItem final : public PaintedItem
{
public:
    PointLabelItem(PlotCanvas &canvas, QPointF coordinates, QString text);

protected:
    void draw(QCPPainter *painter) override;

private:
    QPointF m_coordinates;
    QString m_text;
    const Theme m_theme;
};

} // namespace qs::ui
