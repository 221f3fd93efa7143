// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ChannelsPage: "Channels": range and error of every channel of the selected layer, or of every group of a channel.
#pragma once

#include "core/analysis/channel_rows.h"
#include "ui/pages/page.h"

#include <QWidget>

#include <memory>
#include <vector>

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
    /// Channels of the layer, or groups of the selected channel; in sight where channels have groups.
    QComboBox *subject() const { return m_subject; }

private:
    /// Groups that were read.
    struct Groups {
        std::shared_ptr<const LayerQuantization> quantization;
        int layer = -1;
        std::uint64_t channel = 0;
        std::vector<ChannelRow> rows;
    };

    void refresh();
    void show(std::shared_ptr<ChannelOrder> order, const QString &message, const QString &subtitle);
    std::shared_ptr<ChannelOrder> groupsOrder(const std::shared_ptr<const LayerQuantization> &quantization,
                                              std::uint64_t channel, QString &message);
    bool showsGroups() const;
    void sort(ChannelOrder &order) const;
    static void link(ChannelPlot *from, ChannelPlot *to);

    Setup *m_setup;
    Selection *m_selection;
    QComboBox *m_sorting;
    QComboBox *m_subject;
    Groups m_groups;
    ChannelRangePlot *m_ranges;
    ChannelErrorPlot *m_errors;
};

} // namespace qs::ui
