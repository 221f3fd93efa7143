// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ComparePage: A and B side by side: scales, weights, rounding errors, their difference, and all tensors, the most
// affected first.
#pragma once

#include "ui/document/changes.h"
#include "ui/pages/compare/compare_rows.h"
#include "ui/pages/page.h"

#include <QWidget>

#include <memory>
#include <vector>

class QHBoxLayout;
class QLabel;
class QStackedWidget;
class QTabBar;
class QToolButton;
class QVBoxLayout;

namespace qs::ui {

class ElidedLabel;
class PlotPanel;
class RatioPlot;
class RoundingHistogram;
class ScalePlot;
class SchemeBar;
class TextList;
class WeightHistogram;

class ComparePage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    ComparePage(Setup *setup, Selection *selection, ActionRegistry *actions, QWidget *parent = nullptr);

    enum class View { Scales, Weights, Rounding, Difference };
    void setView(View view);
    enum Side { A, B };
    ScalePlot *scales(Side side) const { return m_scales[side]; }
    WeightHistogram *weights(Side side) const { return m_weights[side]; }
    RatioPlot *ratios() const { return m_ratios; }
    TextList *table() const { return m_table; }
    const std::vector<ComparedRow> &rows() const { return *m_rows; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeEmpty(const ActionRegistry &actions);
    QWidget *makeHead(const ActionRegistry &actions);
    QWidget *makePair(PlotPanel *a, PlotPanel *b);
    void refresh(Changes changes);
    void showHead();
    void showTable();
    void showRatios();
    void showDistributions();
    void rowChosen();

    Setup *m_setup;
    Selection *m_selection;
    QStackedWidget *m_stack;
    QWidget *m_content;
    ElidedLabel *m_titleA;
    ElidedLabel *m_titleB;
    QLabel *m_waiting;
    QVBoxLayout *m_head = nullptr;
    QHBoxLayout *m_buttons;
    QToolButton *m_more; ///< stands for the others where they have no room
    SchemeBar *m_schemeB = nullptr; ///< made when B is a recipe for the first time
    QTabBar *m_views;
    QStackedWidget *m_plots;
    ScalePlot *m_scales[2];
    WeightHistogram *m_weights[2];
    RoundingHistogram *m_rounding[2];
    RatioPlot *m_ratios;
    TextList *m_table;
    std::shared_ptr<const std::vector<ComparedRow>> m_rows;
};

} // namespace qs::ui
