// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkItem: boxes and lines of a network, and the scale of their colours.
#pragma once

#include "ui/plots/network_picture.h"
#include "ui/plots/plot_canvas.h"

#include <memory>
#include <optional>
#include <vector>

namespace qs::ui {

/// How a box looks.
struct NetworkFace {
    QString name;
    QString number;
    std::optional<double> heat; ///< 0 … 1 on the scale of colours; empty: nothing is known, or it has no error
    bool kept = false;          ///< its layers are not quantized
    QList<int> layers;
};

class NetworkItem final : public PaintedItem
{
public:
    NetworkItem(PlotCanvas &canvas, std::shared_ptr<const NetworkPicture> picture);
    std::vector<NetworkFace> faces; ///< by box
    QString lowest;                 ///< numbers at the ends of the scale of colours; empty: no scale
    QString highest;

    /// Where a box stands, in pixels.
    static QRectF boxRect(const NetworkBox &box, QPointF centre, double column, double row);
    /// Pixels that the scale needs beside the plot.
    static int scaleRoom(const QString &widest);

protected:
    void draw(QCPPainter *painter) override;

private:
    void drawLines(QCPPainter *painter, double column, double row) const;
    void drawBox(QCPPainter *painter, std::size_t index, const QRectF &rect, double row) const;
    void drawNameBelow(QCPPainter *painter, std::size_t index, const QRectF &rect, double row) const;
    void drawWords(QCPPainter *painter, std::size_t index, const QRectF &rect, const QColor &behind) const;
    void drawScale(QCPPainter *painter) const;
    QColor colourAt(double heat) const;
    QRectF rectOf(std::size_t index, double column, double row) const;

    std::shared_ptr<const NetworkPicture> m_picture;
    const Theme m_theme;
};

/// Rings around the boxes of the selected layers.
class NetworkSelectionItem final : public PaintedItem
{
public:
    NetworkSelectionItem(PlotCanvas &canvas, std::shared_ptr<const NetworkPicture> picture);
    void select(const PlotCanvas &canvas) override;

protected:
    void draw(QCPPainter *painter) override;

private:
    std::shared_ptr<const NetworkPicture> m_picture;
    const Theme m_theme;
    QSet<int> m_selected;
};

} // namespace qs::ui
