// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ClippingPage: "Clipping": the error of the selected channel against the point where its weights are clipped.
#pragma once

#include "core/analysis/clipping_curve.h"
#include "ui/pages/page.h"

#include <QWidget>

#include <cstdint>

class QLabel;
class QPushButton;

namespace qs::ui {

class ClippingPlot;
class GroupField;
class WeightHistogram;
class Setup;
class Selection;

/// Computes in the background, and only while it can be seen.
class ClippingPage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    ClippingPage(Setup *setup, Selection *selection, QWidget *parent = nullptr);

    ClippingPlot *plot() const { return m_plot; }
    WeightHistogram *weights() const { return m_weights; }
    QPushButton *leastButton() const { return m_least; }
    /// Which channel it is and why, when none is selected; empty otherwise.
    QString whose() const;

private:
    void setUpChoices();
    void refresh();
    void showMessage(const QString &message);
    void showWhose(std::uint64_t channel, bool isSelected);
    void showCurve();
    void showDistribution();
    void dragTo(const ClippingPoint &point);
    void choose(const ClippingPoint &point);
    void useRange(const RangeMethod &range);
    void showOther(std::size_t layer, std::uint64_t channel, std::uint64_t group);
    void chooseGroup(qint64 group);

    Setup *m_setup;
    Selection *m_selection;
    ClippingPlot *m_plot;
    QLabel *m_whose; ///< says why this channel, when none is selected
    GroupField *m_group;
    QLabel *m_live; ///< what the point that is dragged would mean
    QPushButton *m_least;
    QPushButton *m_leastOutput; ///< there while the errors of outputs are known
    WeightHistogram *m_weights;
    bool m_faded = false;
};

} // namespace qs::ui
