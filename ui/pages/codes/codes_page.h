// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// CodesPage: "Code grid": which codes the weights of the selected channel or layer fall to.
#pragma once

#include "ui/pages/page.h"

#include <QString>
#include <QWidget>

namespace qs::ui {

class CodeGridPlot;
class GroupField;
class Selection;
class Setup;

/// Shows the distribution that the setup counts for the current selection, and follows the weight that is clicked.
class CodesPage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    CodesPage(Setup *setup, Selection *selection, QWidget *parent = nullptr);

    CodeGridPlot *plot() const { return m_plot; }

private:
    void ask();
    void refresh();
    void showGroups();
    void followNearest(double value);

    Setup *m_setup;
    Selection *m_selection;
    CodeGridPlot *m_plot;
    GroupField *m_group; ///< for layers whose channels have several scales
    QString m_shown; ///< whose codes are drawn now
};

} // namespace qs::ui
