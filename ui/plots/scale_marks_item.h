// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ScaleMarksItem: dots, whole-layer lines and, when there are too many dots, boxes of the scale plot.
#pragma once

#include "ui/plots/plot_canvas.h"
#include "ui/plots/scale_layout.h"

#include <QCoreApplication>

namespace qs::ui {

/// Names of the series, as PlotSeries::key.
inline const QString kSeriesChannels = QStringLiteral("channels");
inline const QString kSeriesWhole = QStringLiteral("whole");
inline const QString kSeriesExcluded = QStringLiteral("excluded");

/// Above this many visible channels a box per layer is drawn instead of dots.
inline constexpr qint64 kMostDots = 20000;

/// Marks of all layers, faint while some are selected, or those of the selected layers that are drawn above. Refers to
/// the layout, which must outlive it.
class ScaleMarksItem final : public PaintedItem
{
    Q_DECLARE_TR_FUNCTIONS(ScaleMarksItem)
public:
    enum class Part { Rest, Selected };

    ScaleMarksItem(const PlotCanvas &canvas, const ScaleLayout &layout, Part part);
    void select(const PlotCanvas &canvas) override;
    /// Marks of dead channels stand so many pixels above the foot of the plot.
    static constexpr double kDeadAbove = 6;

protected:
    void draw(QCPPainter *painter) override;

private:
    struct Style {
        QColor colour;
        bool hollow = false;
        double size = 4.5;
    };

    Style styleOf(const ScaleBand &band) const;
    void drawMarks(QCPPainter *painter, const ScaleBand &band, bool boxes);
    void drawWholeLayer(QCPPainter *painter, const ScaleBand &band);
    void drawOneScale(QCPPainter *painter, const ScaleBand &band, const Style &style) const;
    void drawAcross(QCPPainter *painter, const ScaleBand &band, double y) const;
    void drawDots(QCPPainter *painter, const ScaleBand &band, const Style &style) const;
    void drawBox(QCPPainter *painter, const ScaleBand &band, const Style &style);
    void drawThinLines(QCPPainter *painter);
    void drawDead(QCPPainter *painter, const ScaleBand &band) const;
    void drawOutside(QCPPainter *painter, const ScaleBand &band, bool countsDots) const;
    void drawCount(QCPPainter *painter, const ScaleBand &band, const QString &words, bool atFoot) const;
    void drawRing(QCPPainter *painter) const;
    double pixelYOf(const ScaleBand &band, std::size_t channel) const;
    QPixmap dot(const Style &style) const;
    bool canDraw(double scale) const;

    const ScaleLayout &m_layout;
    const Theme m_theme;
    const QSet<QString> m_hidden;
    const bool m_vectors;
    const Part m_part;
    int m_selectedLayer = -1;
    QSet<int> m_selectedLayers;
    qint64 m_selectedChannel = -1;
    /// Lines of a pixel, by colour: thousands of them stand side by side, where single outlines cost much and show
    /// nothing.
    QHash<QRgb, QList<QLineF>> m_thinLines;
};

} // namespace qs::ui
