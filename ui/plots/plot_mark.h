// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small value types of the plots: ranges, series of the legend, marks under the cursor.
#pragma once

#include <QColor>
#include <QString>

class QPainter;
class QRectF;

namespace qs::ui {

struct Theme;

struct AxisRange {
    double lower = 0;
    double upper = 1;
    bool operator==(const AxisRange &) const = default;
    double size() const { return upper - lower; }
    bool contains(double value) const { return value >= lower && value <= upper; }
};

/// Names with units, as an exported figure shows them. On screen only when `onScreen`.
struct PlotAxes {
    QString x;
    QString y;
    bool onScreen = false;
};

/// How a series looks in the legend.
enum class Glyph {
    Dot,
    HollowDot,
    DashedLine,
    Bar,
    LineWithDots,
    Hatch,
    Ticks,
    DottedBar,
    HollowSquare,
    LineWithSquares,
    Cross
};

struct PlotSeries {
    QString key; ///< not shown, stays the same in all languages
    QString name;
    Glyph glyph = Glyph::Dot;
    QColor Theme::*colour = nullptr;
};

/// Draws a legend glyph centred in a rectangle.
void paintGlyph(QPainter &painter, const QRectF &area, Glyph glyph, const QColor &colour, const QColor &background);

/// Something in the plot that the mouse can be over.
struct PlotMark {
    int layer = -1;
    qint64 channel = -1;
    qint64 group = -1; ///< of the channel, where groups are drawn
    double x = 0; ///< axis coordinates
    double y = 0;
    bool ring = true; ///< false: no single point is meant, for example a band
    QString box;      ///< text of the read-out beside the mark; may have several lines
    QString status;   ///< the same for the status bar, one line
};

} // namespace qs::ui
