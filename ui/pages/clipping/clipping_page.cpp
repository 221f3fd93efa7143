// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/clipping/clipping_page.h"

#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/pages/scheme/scheme_fields.h"
#include "ui/plots/clipping_plot.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"

#include <QBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <limits>

namespace qs::ui {

namespace {

/// The channel with the outermost weight: clipping is about that one, and it decides where one scale for the layer
/// ends.
std::uint64_t widestChannel(const LayerQuantization &quantization)
{
    const auto reach = [&](std::uint64_t channel) {
        return std::max(-quantization.channelMin[channel], quantization.channelMax[channel]);
    };
    std::uint64_t widest = 0;
    for (std::uint64_t channel = 1; channel < quantization.channelMax.size(); ++channel)
        if (reach(channel) > reach(widest))
            widest = channel;
    return widest;
}

} // namespace

PageInfo ClippingPage::page()
{
    return {.id = QStringLiteral("clipping"),
            .icon = QStringLiteral("clipping"),
            .title = tr("Cl&ipping"),
            .tip = tr("Error of one channel against its clipping point"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * {
                return new ClippingPage(context.setup, context.selection);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                const auto *made = static_cast<ClippingPage *>(page);
                return {made->plot()->plotWidget()};
            }};
}

ClippingPage::ClippingPage(Setup *setup, Selection *selection, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_plot(new ClippingPlot(selection))
    , m_whose(new QLabel)
    , m_groupRow(new QWidget)
    , m_group(new QSpinBox)
    , m_groupCount(new QLabel)
{
    auto *name = new QLabel(tr("Group"));
    name->setBuddy(m_group);
    for (QLabel *label : {m_whose, name, m_groupCount})
        label->setObjectName(QStringLiteral("secondary"));
    m_group->setAccessibleName(tr("Group of the channel"));
    m_group->setToolTip(tr("Each group of the channel has a scale, and a clipping point, of its own"));
    m_group->setMinimum(1);
    m_group->setButtonSymbols(QAbstractSpinBox::NoButtons);
    auto *row = new QHBoxLayout(m_groupRow);
    row->setContentsMargins(2, 0, 2, 0);
    row->addWidget(name);
    row->addWidget(m_group);
    row->addWidget(m_groupCount);
    row->addStretch();
    m_groupRow->hide();
    m_whose->setContentsMargins(2, 0, 2, 0);
    m_whose->setWordWrap(true);
    m_whose->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(8);
    layout->addWidget(m_whose);
    layout->addWidget(m_groupRow);
    layout->addWidget(m_plot, 1);

    connect(m_group, &QSpinBox::valueChanged, this, &ClippingPage::refresh);
    auto *view = new ResultView(this, [this](Changes changes) {
        refresh();
        if (changes & Change::Clipping)
            showCurve();
        // What was faded stays it until the new curve is there.
        m_faded = m_setup->analysisJob().isStale() || (m_faded && m_setup->clipping().isPending());
        m_plot->setStale(m_faded);
    });
    view->follow(setup, Change::Model | Change::Results | Change::Stale | Change::Clipping);
    view->follow(selection);
    view->add(Change::Model);
}

void ClippingPage::showMessage(const QString &message)
{
    m_setup->clipping().show({});
    m_groupRow->hide();
    m_whose->hide();
    m_plot->setEmptyMessage(message);
    m_plot->setCurve(nullptr, {}, {});
}

QString ClippingPage::whose() const
{
    return m_whose->isHidden() ? QString() : m_whose->text();
}

void ClippingPage::showWhose(std::uint64_t channel, bool isSelected)
{
    m_whose->setText(tr("No channel is selected: channel %1 has the outermost weight of the layer. A click on a dot of "
                        "“Scale per channel”, or [ and ], select another.")
                         .arg(channel));
    m_whose->setVisible(!isSelected);
}

void ClippingPage::showGroups(std::uint64_t groups)
{
    const QSignalBlocker blocker(m_group);
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    m_group->setMaximum(static_cast<int>(std::min(groups, kMost)));
    m_groupCount->setText(tr("of %1").arg(text::count(groups)));
    m_groupRow->setVisible(groups > 1);
}

void ClippingPage::refresh()
{
    const int layer = m_selection->layer();
    const qint64 channel = m_selection->channel();
    if (!m_setup->model() || layer < 0)
        return showMessage(tr("Select a layer to see what clipping does to one of its channels."));
    const auto index = static_cast<std::size_t>(layer);
    if (m_setup->isStored(index))
        return showMessage(tr("The file holds codes: what was clipped on the way to them cannot be known."));
    const LayerReport *report = m_setup->report()->layers[index].get();
    if (!report)
        return showMessage(tr("The scales of this layer are being computed …"));
    if (!report->quantization)
        return showMessage(tr("This layer is kept as it is: %1").arg(m_setup->keptReason(index)));
    if (report->quantization->channelMax.empty())
        return showMessage(tr("This layer has no channel."));
    const bool isSelected = channel >= 0;
    const std::uint64_t shown = isSelected ? static_cast<std::uint64_t>(channel) : widestChannel(*report->quantization);
    showWhose(shown, isSelected);
    showGroups(report->quantization->groupsPerChannel);
    if (shown < report->quantization->shape.channels)
        m_setup->clipping().show(
            {report->quantization, index, shown, static_cast<std::uint64_t>(m_group->value() - 1)});
}

void ClippingPage::showCurve()
{
    const ClippingJob::Shown &shown = m_setup->clipping().shown();
    if (!shown.problem.isEmpty())
        return showMessage(text::sentence(shown.problem));
    if (!shown.curve)
        return;
    QString subtitle = tr("%1, channel %2")
                           .arg(text::oneLine(m_setup->model()->layers[shown.target.layer].module))
                           .arg(shown.target.channel);
    if (shown.target.quantization->groupsPerChannel > 1)
        subtitle = tr("%1, group %2").arg(subtitle).arg(shown.target.group + 1);
    const QVariant range = fieldValue(shown.target.quantization->scheme, SchemeField::Range);
    m_plot->setCurve(shown.curve, subtitle, fieldValueName(SchemeField::Range, range));
}

} // namespace qs::ui
