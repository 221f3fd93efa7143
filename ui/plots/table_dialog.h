// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The data of a plot as an ordinary table in a window of its own.
#pragma once

#include "ui/plots/plot_table.h"

#include <QDialog>

namespace qs::ui {

/// Not modal; deletes itself when closed. Shows the numbers as they were when it was opened.
class TableDialog : public QDialog
{
    Q_OBJECT
public:
    TableDialog(const QString &title, PlotTable table, QWidget *parent);
};

} // namespace qs::ui
