// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Plots of the channels of one layer: their ranges with the limits of their codes, and their errors.
#pragma once

#include "core/analysis/channel_rows.h"
#include "ui/plots/plot_panel.h"

#include <memory>
#include <optional>
#include <vector>

namespace qs::ui {

/// The channels of a layer, or the groups of one of them, in the order in which they are drawn.
struct ChannelOrder {
    int layer = -1;
    std::vector<ChannelRow> rows;               ///< by channel, or by group
    std::vector<std::size_t> channels;          ///< or groups, from left to right
    std::optional<std::uint64_t> groupsOf = {}; ///< the channel whose groups these are

    /// As people count it: groups from 1 on.
    std::size_t numberOf(std::size_t channel) const { return groupsOf ? channel + 1 : channel; }
    /// Column of a channel, or of a group of it where groups are drawn; the number of columns when it has none.
    std::size_t columnOf(qint64 channel, qint64 group = -1) const;
};

/// What both have in common: one column per channel, or per group of the selected channel.
class ChannelPlot : public PlotPanel
{
    Q_OBJECT
public:
    /// Null: the message is shown instead.
    void setChannels(std::shared_ptr<const ChannelOrder> order, const QString &subtitle);

    QString message() const override;

protected:
    using PlotPanel::PlotPanel;

    const std::shared_ptr<const ChannelOrder> &order() const { return m_order; }
    AxisRange homeX() const override;
    bool canBeLogarithmic() const override { return false; }
    std::optional<PlotMark> markAt(QPointF pixel) const override;
    std::optional<PlotMark> markOf(int layer, qint64 channel) const override;
    /// Height of the mark of a channel.
    virtual double markHeight(const ChannelRow &row) const = 0;
    bool showsGroups() const { return m_order && m_order->groupsOf; }
    QString xName() const;
    virtual QString titleFor(bool groups) const = 0;

private:
    PlotMark markFor(std::size_t column) const;

    std::shared_ptr<const ChannelOrder> m_order;
};

/// "Range of every channel": from its smallest to its largest weight, and how far its codes reach.
class ChannelRangePlot : public ChannelPlot
{
    Q_OBJECT
public:
    explicit ChannelRangePlot(Selection *selection, QWidget *parent = nullptr);

    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

protected:
    void draw(PlotCanvas &canvas) const override;
    PlotAxes axes() const override;
    AxisRange homeY() const override;
    double markHeight(const ChannelRow &row) const override { return static_cast<double>(row.max); }
    QString titleFor(bool groups) const override;
};

/// "Rounding error of every channel", in steps of its scale.
class ChannelErrorPlot : public ChannelPlot
{
    Q_OBJECT
public:
    explicit ChannelErrorPlot(Selection *selection, QWidget *parent = nullptr);

    QString message() const override;
    QString summary() const override;
    PlotTable table() const override;
    QList<PlotSeries> series() const override;

protected:
    void draw(PlotCanvas &canvas) const override;
    PlotAxes axes() const override;
    AxisRange homeY() const override;
    double markHeight(const ChannelRow &row) const override { return static_cast<double>(row.rmsSteps.value_or(0)); }
    QString titleFor(bool groups) const override;

private:
    double largest() const;
};

} // namespace qs::ui
