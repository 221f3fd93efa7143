// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ChannelsPage: "Channels": range and error of every channel of the selected layer.
#pragma once

#include "ui/pages/page.h"

#include <QWidget>

class QComboBox;

namespace qs::ui {

class ChannelErrorPlot;
class ChannelPlot;
class ChannelRangePlot;
struct ChannelOrder;
class Selection;
class Setup;

class ChannelsPage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    ChannelsPage(Setup *setup, Selection *selection, QWidget *parent = nullptr);

    ChannelRangePlot *ranges() const { return m_ranges; }
    ChannelErrorPlot *errors() const { return m_errors; }
    QComboBox *sorting() const { return m_sorting; }

private:
    void refresh();
    void sort(ChannelOrder &order) const;
    static void link(ChannelPlot *from, ChannelPlot *to);

    Setup *m_setup;
    Selection *m_selection;
    QComboBox *m_sorting;
    ChannelRangePlot *m_ranges;
    ChannelErrorPlot *m_errors;
};

} // namespace qs::ui
