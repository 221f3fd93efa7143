// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PointLabelItem: a few words beside one point of a plot.
#pragma once

#include "ui/plots/plot_canvas.h"

#include <vector>

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

/// Words beside several points, placed so that they cover neither each other nor a line of upright and level pieces.
class PointLabelsItem final : public PaintedItem
{
public:
    struct Label {
        QPointF coordinates;
        QString text;
    };

    /// Earlier labels go before later ones: a word that has no place of its own is left out.
    PointLabelsItem(PlotCanvas &canvas, std::vector<Label> labels, QVector<QPointF> line);

protected:
    void draw(QCPPainter *painter) override;

private:
    QVector<QRectF> lineOnScreen() const;

    std::vector<Label> m_labels;
    QVector<QPointF> m_line;
    const Theme m_theme;
};

} // namespace qs::ui
