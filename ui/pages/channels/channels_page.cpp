// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/channels/channels_page.h"

#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/plots/channel_plots.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QSplitter>

#include <algorithm>
#include <numeric>

namespace qs::ui {

namespace {

enum class Sorting { Index, Range, Scale, Error };

} // namespace

PageInfo ChannelsPage::page()
{
    return {.id = QStringLiteral("channels"),
            .icon = QStringLiteral("channels"),
            .title = tr("C&hannels"),
            .tip = tr("Range and error of every channel of a layer"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * {
                return new ChannelsPage(context.setup, context.selection);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                const auto *made = static_cast<ChannelsPage *>(page);
                return {made->ranges()->plotWidget(), made->errors()->plotWidget()};
            }};
}

ChannelsPage::ChannelsPage(Setup *setup, Selection *selection, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_sorting(new QComboBox)
    , m_ranges(new ChannelRangePlot(selection))
    , m_errors(new ChannelErrorPlot(selection))
{
    m_sorting->addItem(tr("In the order of the layer"), static_cast<int>(Sorting::Index));
    m_sorting->addItem(tr("Widest range first"), static_cast<int>(Sorting::Range));
    m_sorting->addItem(tr("Largest scale first"), static_cast<int>(Sorting::Scale));
    m_sorting->addItem(tr("Largest error first"), static_cast<int>(Sorting::Error));
    m_sorting->setAccessibleName(tr("Order of the channels"));
    auto *name = new QLabel(tr("Order"));
    name->setObjectName(QStringLiteral("secondary"));
    name->setBuddy(m_sorting);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(2, 0, 2, 0);
    row->addWidget(name);
    row->addWidget(m_sorting);
    row->addStretch();
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    splitter->addWidget(m_ranges);
    splitter->addWidget(m_errors);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(8);
    layout->addLayout(row);
    layout->addWidget(splitter, 1);

    link(m_ranges, m_errors);
    link(m_errors, m_ranges);
    connect(m_sorting, &QComboBox::currentIndexChanged, this, &ChannelsPage::refresh);
    auto *view = new ResultView(this, [this](Changes) { refresh(); });
    view->follow(setup, Change::Model | Change::Results | Change::Stale);
    view->follow(selection);
    view->add(Change::Model);
}

/// Both show the same channels.
void ChannelsPage::link(ChannelPlot *from, ChannelPlot *to)
{
    connect(from, &PlotPanel::xRangeChanged, to, [from, to] {
        if (from->message().isEmpty() && to->message().isEmpty() && !(from->xRange() == to->xRange()))
            to->setXRange(from->xRange());
    });
}

void ChannelsPage::sort(ChannelOrder &order) const
{
    const auto by = [&](auto key) { std::ranges::stable_sort(order.channels, std::greater<>(), key); };
    const auto row = [&](std::size_t channel) -> const ChannelRow & { return order.rows[channel]; };
    switch (static_cast<Sorting>(m_sorting->currentData().toInt())) {
    case Sorting::Index:
        return;
    case Sorting::Range:
        return by([&](std::size_t c) { return row(c).max - row(c).min; });
    case Sorting::Scale:
        return by([&](std::size_t c) { return row(c).scale; });
    case Sorting::Error:
        return by([&](std::size_t c) { return row(c).rmsSteps.value_or(-1); });
    }
}

void ChannelsPage::refresh()
{
    const int layer = m_selection->layer();
    QString subtitle;
    std::shared_ptr<const ChannelOrder> shown;
    QString message = tr("Select a layer to see its channels.");
    if (m_setup->model() && layer >= 0) {
        const auto index = static_cast<std::size_t>(layer);
        subtitle = text::oneLine(m_setup->model()->layers[index].module);
        const LayerReport *known = m_setup->report()->layers[index].get();
        if (!known)
            message = tr("The scales of this layer are being computed …");
        else if (!known->quantization)
            message = tr("This layer is kept as it is: %1").arg(m_setup->keptReason(index));
        else if (known->quantization->channelMin.empty())
            message = tr("This layer has no channel.");
        if (known && known->quantization) {
            auto order = std::make_shared<ChannelOrder>();
            order->layer = layer;
            order->rows = channelRows(*known->quantization);
            order->channels.resize(order->rows.size());
            std::iota(order->channels.begin(), order->channels.end(), std::size_t{0});
            sort(*order);
            shown = std::move(order);
        }
    }
    for (ChannelPlot *plot : {static_cast<ChannelPlot *>(m_ranges), static_cast<ChannelPlot *>(m_errors)}) {
        plot->setEmptyMessage(message);
        plot->setChannels(shown, subtitle);
        plot->setStale(m_setup->analysisJob().isStale());
    }
}

} // namespace qs::ui
