// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PlotCanvas: what a plot draws into; the plot on screen or the off-screen one of an exported figure.
#pragma once

#include "ui/plots/axis_tickers.h"
#include "ui/plots/plot_mark.h"
#include "ui/theme/theme.h"

#include <QSet>
#include <qcustomplot.h>

namespace qs::ui {

class PlotCanvas
{
public:
    PlotCanvas(QCustomPlot &target, const Theme &colours)
        : plot(target)
        , theme(colours)
    {}

    QCustomPlot &plot;
    const Theme &theme;
    bool exporting = false; ///< marks as vectors, no selection
    bool logarithmic = false;
    bool stale = false;
    int selectedLayer = -1;
    QSet<int> selectedLayers; ///< the current one among them
    qint64 selectedChannel = -1;
    qint64 selectedGroup = -1; ///< of the channel
    QSet<QString> hidden;
    QCPLayerable *kept = nullptr; ///< item that clear() leaves alone

    bool shows(const QString &key) const { return !hidden.contains(key); }
    /// Removes all content and gives axes, grid and background the colours of the theme.
    void clear();
    /// One sentence in the middle instead of axes.
    void drawMessage(const QString &message);
    /// Fades everything that was drawn so far.
    void drawVeil();
    /// Both stacked plots have the same left margin, so that their layers are in line; the bottom has lines of text.
    void setLayerMargins(int linesBelow);
    void setTickers(PlainTicker::Kind x, PlainTicker::Kind y);
    /// Bars that end at their values, standing on `base` (the foot of a logarithmic axis) or on 0.
    QCPBars *addBars(const QVector<double> &x, QVector<double> y, double base);
};

/// Font of axis labels: a little smaller than that of the program.
QFont plotFont();

/// Layers that are painted apart from the rest: bands with their names, and marks of what is selected.
inline const QString kBandsLayer = QStringLiteral("background");
inline const QString kSelectionLayer = QStringLiteral("selection");

/// Base of items that paint themselves and cannot be selected.
class PaintedItem : public QCPAbstractItem
{
public:
    PaintedItem(QCustomPlot &plot, const QString &layer);
    double selectTest(const QPointF &, bool, QVariant *) const override { return -1; }
    /// Takes over the selection, for an item on one of the layers that are painted apart.
    virtual void select(const PlotCanvas & /*canvas*/) {}

protected:
    // The plot's own axisRect() collects all rectangles of the plot at each call.
    QRect area() const { return parentPlot()->xAxis->axisRect()->rect(); }
    double pixelX(double x) const { return parentPlot()->xAxis->coordToPixel(x); }
    double pixelY(double y) const { return parentPlot()->yAxis->coordToPixel(y); }
};

} // namespace qs::ui
