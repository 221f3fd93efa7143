// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// BandsItem: the columns behind a layer plot, their words, and the layer names under the axis.
#pragma once

#include "ui/plots/plot_canvas.h"

#include <functional>
#include <map>
#include <vector>

namespace qs::ui {

class BandsItem final : public PaintedItem
{
public:
    struct Band {
        AxisRange x;
        QString name;
        qint64 count = 0; ///< what detailOf() is asked about; 0: nothing
        QString word;     ///< inside the column, at its foot
        bool hatched = false;
        int layer = -1; ///< that it stands for
    };

    explicit BandsItem(PlotCanvas &canvas);
    std::vector<Band> bands; ///< from left to right
    /// Second line under a name; left out where it does not fit. Asked for the few names that are drawn.
    std::function<QString(qint64 count)> detailOf;
    void select(const PlotCanvas &canvas) override;

protected:
    void draw(QCPPainter *painter) override;

private:
    struct Span {
        double left = 0;
        double right = 0;
        double centre() const { return (left + right) / 2; }
        double width() const { return right - left; }
    };

    using Names = std::map<std::size_t, Span>; ///< where names stand, by band

    void drawBackground(QCPPainter *painter, std::size_t index) const;
    void drawWord(QCPPainter *painter, std::size_t index) const;
    void drawNames(QCPPainter *painter);
    /// Width that a name may have in the middle of its band, at most `wish`, so that it meets none of `names`.
    double roomFor(std::size_t index, double wish, const Names &names) const;
    QString detail(const Band &band) const;
    void drawName(QCPPainter *painter, const Band &band, const Span &place) const;

    bool isSelected(const Band &band) const { return m_selected.contains(band.layer); }

    const Theme m_theme;
    const QFont m_font;
    QSet<int> m_selected;
    std::vector<Span> m_spans; ///< of the bands, the part that is visible, in pixels; made when they are drawn
};

} // namespace qs::ui
