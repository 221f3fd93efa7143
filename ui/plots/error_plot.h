// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Output error": what each layer's quantization costs, alone and together with the layers before it.
#pragma once

#include "core/analysis/shown_error.h"
#include "ui/plots/layer_plot.h"

#include <vector>

class QAction;

namespace qs::ui {

class ErrorPlot : public LayerPlot
{
    Q_OBJECT
public:
    explicit ErrorPlot(Selection *selection, QWidget *parent = nullptr);

    enum class Order { Network, LargestFirst };
    Order order() const { return m_order; }
    void setOrder(Order order);
    /// What the bars show: the best error that is known, a number of the weights, or how many answers of the network
    /// change.
    enum class Measure { Error, WeightError, Sqnr, LargestError, OneMinusCosine, ChangedTop1 };
    Measure measure() const { return m_measure; }
    void setMeasure(Measure measure);
    /// Dashed outlines.
    void keepGhost() override;

    QString message() const override;
    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

protected:
    void rebuild() override;
    void draw(PlotCanvas &canvas) const override;
    AxisRange homeX() const override;
    AxisRange homeY() const override;
    std::optional<PlotMark> markAt(QPointF pixel) const override;
    std::optional<PlotMark> markOf(int layer, qint64 channel) const override;
    std::optional<AxisRange> bandOf(int layer) const override;
    void aboutToShowAll() override;
    bool canBeLogarithmic() const override { return m_measure != Measure::Sqnr && m_measure != Measure::ChangedTop1; }

private:
    using State = ShownError::State;
    using Kind = ShownErrorKind;
    struct Column {
        int layer = 0;
        State state = State::Pending;
        double value = 0;               ///< in the unit of the measure, for State::Value
        std::optional<double> upToHere; ///< share
        std::optional<double> other;    ///< B's share; empty where it has none
        std::optional<double> otherUpToHere;
        bool isTotal = false; ///< upToHere is that of the whole network
        QString word;         ///< inside the column
        QString reason;       ///< for Kept and NotAvailable
    };

    // error_plot_measures.cpp: which number of the report the bars show.
    void addMenu();
    bool showsError() const { return m_measure == Measure::Error; }
    std::optional<double> measured(const LayerReport &known) const;
    /// The network runs, and gives scores of classes.
    bool hasClasses() const { return report() && report()->outputError.top1Agreement; }
    void measureInstead(Column &column, const LayerReport &known) const;
    /// Of what is plotted to what columns hold: shares are plotted in percent.
    double factor() const;
    QString valueText(double value) const;
    QString measureName() const;
    PlotAxes axes() const override;

    // error_plot_columns.cpp: from the report to columns.
    Column columnFor(int layer) const;
    void sortColumns();
    void updateTexts();
    QString barName() const;

    /// Points of both setups, in columns and percent.
    struct Points {
        QVector<double> x;
        QVector<double> y;
    };
    struct Drawn;
    void collect(const Column &column, double x, const PlotCanvas &canvas, Drawn &drawn) const;
    void drawBars(PlotCanvas &canvas, const Points &points) const;
    void drawLine(PlotCanvas &canvas, const Points &points) const;
    void drawOther(PlotCanvas &canvas, const Points &bars, const Points &line) const;
    /// B is there, and shows the same kind of error.
    bool hasOther() const;
    double barWidth() const;
    double barShift() const;
    PlotMark markFor(std::size_t position) const;
    AxisRange valueRange() const;
    /// Whole decades around all values.
    AxisRange decades() const;
    std::optional<double> ghostOf(const Column &column) const;
    static bool isOther(double before, const Column &column);

    Order m_order = Order::Network;
    Measure m_measure = Measure::Error;
    Kind m_kind = Kind::Pending;                ///< which number the bars show
    std::vector<Column> m_columns;              ///< from left to right
    std::vector<int> m_position;                ///< of each layer in m_columns
    std::vector<std::optional<double>> m_ghost; ///< share that each layer had before the last change; may be empty
    Kind m_ghostKind = Kind::Pending;
    std::optional<AxisRange> m_grown; ///< the logarithmic axis, which grows until somebody asks for less
};

} // namespace qs::ui
