// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// DistributionPanel: weights and rounding errors of the selected layer or channel.
#pragma once

#include "ui/pages/page.h"

#include <QTimer>
#include <QWidget>

namespace qs::ui {

class Setup;
class RoundingHistogram;
class Selection;
class WeightHistogram;

class DistributionPanel : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    DistributionPanel(Setup *setup, Selection *selection, QWidget *parent = nullptr);

    WeightHistogram *weights() const { return m_weights; }
    RoundingHistogram *roundingErrors() const { return m_rounding; }

private:
    void follow();
    void refresh();
    void showOther();
    void setStale(bool stale);

    Setup *m_setup;
    Selection *m_selection;
    WeightHistogram *m_weights;
    RoundingHistogram *m_rounding;
    QTimer m_slow;   ///< fades the old picture when the new one takes long
    QString m_shown; ///< whose distribution is drawn now
};

} // namespace qs::ui
