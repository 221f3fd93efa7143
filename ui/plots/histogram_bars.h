// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What both histograms have in common: bars of bins, dashed limits with hatch outside, the bin under the cursor.
#pragma once

#include "core/analysis/distribution.h"
#include "ui/plots/plot_canvas.h"

#include <optional>

namespace qs::ui {

/// Coordinates of the bins of a histogram.
double binWidth(const Histogram &histogram);
AxisRange binRange(const Histogram &histogram, std::size_t bin);
/// The bin at x, if it is inside.
std::optional<std::size_t> binAt(const Histogram &histogram, double x);

/// Bars of counts times `factor` (1, or 100 / total for a share in percent).
void drawBins(PlotCanvas &canvas, const Histogram &histogram, double factor);
/// The same as an outline in the colour of B.
void drawOtherBins(PlotCanvas &canvas, const Histogram &histogram, double factor);
AxisRange binsHomeY(const Histogram &histogram, double factor, bool logarithmic);

/// Dashed lines at both limits, a hatch outside of them, and a word at the upper end of one of them.
class LimitsItem final : public PaintedItem
{
public:
    LimitsItem(PlotCanvas &canvas, AxisRange limits, QString lowerText, QString upperText);

protected:
    void draw(QCPPainter *painter) override;

private:
    void drawText(QCPPainter *painter, double x, const QString &text, bool inwardsIsLeft) const;

    AxisRange m_limits;
    QString m_lowerText;
    QString m_upperText;
    const Theme m_theme;
};

/// Dotted lines at the limits of B.
class OtherLimitsItem final : public PaintedItem
{
public:
    OtherLimitsItem(PlotCanvas &canvas, AxisRange limits);

protected:
    void draw(QCPPainter *painter) override;

private:
    AxisRange m_limits;
    QColor m_colour;
};

/// Short strokes under the axis: the values that the codes can stand for.
class LevelTicksItem final : public PaintedItem
{
public:
    LevelTicksItem(PlotCanvas &canvas, const std::vector<CodePlace> &grid);
    static constexpr int kLength = 6; // pixels

protected:
    void draw(QCPPainter *painter) override;

private:
    std::vector<float> m_levels;
    QColor m_colour;
};

} // namespace qs::ui
