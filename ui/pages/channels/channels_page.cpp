// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/channels/channels_page.h"

#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/plots/channel_plots.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"

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
    , m_subject(new QComboBox)
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
    m_subject->setObjectName(QStringLiteral("channelSubject"));
    m_subject->addItem(tr("Channels of the layer"));
    m_subject->addItem(tr("Groups of the selected channel"));
    m_subject->setAccessibleName(tr("What each bar stands for"));
    m_subject->setToolTip(tr("Each group of a channel has a scale of its own"));
    m_subject->hide();
    auto *row = new QHBoxLayout;
    row->setContentsMargins(2, 0, 2, 0);
    row->addWidget(m_subject);
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
    connect(m_subject, &QComboBox::currentIndexChanged, this, &ChannelsPage::refresh);
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
    const LayerReport *selected =
        m_setup->model() && layer >= 0 ? m_setup->report()->layers[static_cast<std::size_t>(layer)].get() : nullptr;
    m_subject->setVisible(selected && selected->quantization && selected->quantization->groupsPerChannel > 1);
    QString subtitle;
    std::shared_ptr<ChannelOrder> shown;
    QString message = tr("Select a layer to see its channels.");
    if (m_setup->model() && layer >= 0) {
        const auto index = static_cast<std::size_t>(layer);
        subtitle = text::oneLine(m_setup->model()->layers[index].module);
        if (!selected)
            message = tr("The scales of this layer are being computed …");
        else if (!selected->quantization)
            message = tr("This layer is kept as it is: %1").arg(m_setup->keptReason(index));
        else if (selected->quantization->channelMin.empty())
            message = tr("This layer has no channel.");
        if (selected && selected->quantization && showsGroups()) {
            // Of no channel in particular the first one is as good as any.
            const auto channel = static_cast<std::uint64_t>(std::max<qint64>(m_selection->channel(), 0));
            subtitle = tr("%1, channel %2").arg(subtitle).arg(channel);
            shown = groupsOrder(selected->quantization, channel, message);
        } else if (selected && selected->quantization) {
            shown = std::make_shared<ChannelOrder>();
            shown->rows = channelRows(*selected->quantization);
        }
    }
    show(std::move(shown), message, subtitle);
}

bool ChannelsPage::showsGroups() const
{
    return !m_subject->isHidden() && m_subject->currentIndex() == 1;
}

/// Null while the weights of the channel are being read.
std::shared_ptr<ChannelOrder> ChannelsPage::groupsOrder(const std::shared_ptr<const LayerQuantization> &quantization,
                                                        std::uint64_t channel, QString &message)
{
    const int layer = m_selection->layer();
    if (m_groups.quantization == quantization && m_groups.layer == layer && m_groups.channel == channel) {
        auto order = std::make_shared<ChannelOrder>();
        order->rows = m_groups.rows;
        order->groupsOf = channel;
        return order;
    }
    message = tr("The weights of this channel are being read …");
    m_setup->document().tasks().run(
        {QStringLiteral("groups of a channel"), message, JobRank::View}, this,
        [model = m_setup->model(), quantization, layer, channel](const TaskContext &context) {
            return groupRows(*model, model->layers[static_cast<std::size_t>(layer)], *quantization, channel, context);
        },
        [this, quantization, layer, channel](Result<std::vector<ChannelRow>> rows) {
            if (!rows)
                return show(nullptr, text::words(rows.error().sentence()), {});
            m_groups = {quantization, layer, channel, std::move(*rows)};
            refresh();
        });
    return nullptr;
}

void ChannelsPage::show(std::shared_ptr<ChannelOrder> order, const QString &message, const QString &subtitle)
{
    if (order) {
        order->layer = m_selection->layer();
        order->channels.resize(order->rows.size());
        std::iota(order->channels.begin(), order->channels.end(), std::size_t{0});
        sort(*order);
    }
    const std::shared_ptr<const ChannelOrder> shown = std::move(order);
    for (ChannelPlot *plot : {static_cast<ChannelPlot *>(m_ranges), static_cast<ChannelPlot *>(m_errors)}) {
        plot->setEmptyMessage(message);
        plot->setChannels(shown, subtitle);
        plot->setStale(m_setup->analysisJob().isStale());
    }
}

} // namespace qs::ui
