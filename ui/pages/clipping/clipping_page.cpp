// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/clipping/clipping_page.h"

#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/pages/scheme/scheme_fields.h"
#include "ui/plots/clipping_plot.h"
#include "ui/plots/weight_histogram.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/widgets/group_field.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>

#include <algorithm>

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
    , m_group(new GroupField(GroupField::Whole::Never))
    , m_live(new QLabel)
    , m_least(new QPushButton(tr("Use the least")))
    , m_leastOutput(new QPushButton(tr("Use the least of outputs")))
    , m_weights(new WeightHistogram(selection))
{
    m_whose->setObjectName(QStringLiteral("secondary"));
    m_whose->setContentsMargins(2, 0, 2, 0);
    m_whose->setWordWrap(true);
    m_whose->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(8);
    layout->addWidget(m_whose);
    layout->addWidget(m_group);
    auto *choice = new QHBoxLayout;
    setUpChoices();
    choice->addWidget(m_live, 1);
    choice->addWidget(m_leastOutput);
    choice->addWidget(m_least);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    splitter->addWidget(m_plot);
    splitter->addWidget(m_weights);
    m_weights->setProperty("deskOnly", true); // two plots are too low for large text
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    layout->addWidget(splitter, 1);
    layout->addLayout(choice);
    connect(m_plot, &ClippingPlot::pointDragged, this, &ClippingPage::dragTo);
    connect(m_plot, &ClippingPlot::pointChosen, this, &ClippingPage::choose);

    connect(m_group, &GroupField::chosen, this, &ClippingPage::chooseGroup);
    auto *view = new ResultView(this, [this](Changes changes) {
        refresh();
        if (changes & (Change::Clipping | Change::SideB))
            showCurve();
        if (changes & (Change::Distribution | Change::Selection | Change::Model))
            showDistribution();
        // What was faded stays it until the new curve is there.
        m_faded = m_setup->analysisJob().isStale() || (m_faded && m_setup->clipping().isPending());
        m_plot->setStale(m_faded);
    });
    view->follow(setup, Change::Model | Change::Results | Change::Stale | Change::Clipping | Change::Distribution |
                            Change::SideB);
    view->follow(selection);
    view->add(Change::Model);
}

void ClippingPage::setUpChoices()
{
    m_live->setObjectName(QStringLiteral("secondary"));
    m_live->setTextFormat(Qt::PlainText);
    m_least->setToolTip(tr("Give this layer the range with the least squared error of each scale"));
    connect(m_least, &QPushButton::clicked, this, [this] { useRange(RangeMethod::mse()); });
    m_leastOutput->setObjectName(QStringLiteral("leastOutput"));
    m_leastOutput->setToolTip(
        tr("Give this layer the range with the least error of what it gives, for what it is fed"));
    connect(m_leastOutput, &QPushButton::clicked, this, [this] { useRange(RangeMethod::output()); });
    m_leastOutput->hide();
}

void ClippingPage::showMessage(const QString &message)
{
    m_setup->clipping().show({});
    m_group->hide();
    m_whose->hide();
    m_least->setEnabled(false);
    m_leastOutput->hide();
    m_live->clear();
    m_plot->setOther(nullptr);
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

/// The channel that is shown without being selected is selected with it.
void ClippingPage::chooseGroup(qint64 group)
{
    const auto &target = m_setup->clipping().shown().target;
    if (m_selection->channel() < 0 && target.quantization)
        m_selection->setCurrent(m_selection->layer(), static_cast<qint64>(target.channel), group);
    else
        m_selection->setGroup(group);
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
    m_group->showGroup(m_selection->group(), report->quantization->groupsPerChannel);
    m_least->setEnabled(report->quantization->scheme.range != RangeMethod::mse());
    if (shown < report->quantization->shape.channels) {
        const auto group = static_cast<std::uint64_t>(m_group->group());
        m_setup->clipping().show({report->quantization, index, shown, group});
        showOther(index, shown, group);
    }
}

/// The same channel in B, where that is another recipe: of another file nobody knows the weights before they were
/// codes.
void ClippingPage::showOther(std::size_t layer, std::uint64_t channel, std::uint64_t group)
{
    Setup *other = m_setup->document().sideB().setup();
    const LayerReport *report = other && other->report() ? other->report()->layers[layer].get() : nullptr;
    const bool has = report && report->quantization && channel < report->quantization->shape.channels &&
                     group < report->quantization->groupsPerChannel;
    if (has)
        other->clipping().show({report->quantization, layer, channel, group});
}

void ClippingPage::showDistribution()
{
    const DistributionJob::Shown &shown = m_setup->distribution().shown();
    QString subtitle;
    if (m_setup->model() && shown.target.layer) {
        subtitle = shown.target.name(*m_setup->model());
    }
    m_weights->setProposal(std::nullopt);
    m_weights->setDistribution(shown.values, subtitle, shown.scheme, true);
}

/// Live: error and share at the point, and its limits in the histogram.
void ClippingPage::dragTo(const ClippingPoint &point)
{
    const ClippingJob::Shown &shown = m_setup->clipping().shown();
    if (!shown.curve)
        return;
    const RangeMethod range = rangeReaching(point, shown.curve->weights);
    m_live->setText(range == RangeMethod::minMax()
                        ? tr("Let go to use the whole range.")
                        : tr("Let go to give every scale of this layer the range of its innermost %1 of weights.")
                              .arg(text::percent(range.percent() / 100)));
    const LayerQuantization &quantization = *shown.target.quantization;
    const DistributionJob::Shown &counted = m_setup->distribution().shown();
    const bool isGroup = quantization.groupsPerChannel > 1;
    if (isGroup && (!counted.values || counted.target.part.group != shown.target.group))
        return; // the limits of a group say nothing in the histogram of its channel
    const double low = point.share * (isGroup ? counted.values->min
                                              : static_cast<double>(quantization.channelMin[shown.target.channel]));
    const double high = point.share * (isGroup ? counted.values->max
                                               : static_cast<double>(quantization.channelMax[shown.target.channel]));
    const bool symmetric = quantization.scheme.mode == Mode::Symmetric;
    const double largest = std::max(-low, high);
    m_weights->setProposal(symmetric ? AxisRange{-largest, largest} : AxisRange{low, high});
}

void ClippingPage::choose(const ClippingPoint &point)
{
    m_live->clear();
    m_weights->setProposal(std::nullopt);
    if (const auto &curve = m_setup->clipping().shown().curve)
        useRange(rangeReaching(point, curve->weights));
}

void ClippingPage::useRange(const RangeMethod &range)
{
    const int layer = m_selection->layer();
    if (layer >= 0)
        changeOverrides(*m_setup, {static_cast<std::size_t>(layer)},
                        [range](SchemePatch &patch) { patch.range = range; });
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
    m_plot->setOutputs(shown.outputs);
    m_leastOutput->setVisible(shown.outputs && !shown.outputs->relativeErrors.empty());
    m_leastOutput->setEnabled(shown.target.quantization->scheme.range != RangeMethod::output());
    Setup *other = m_setup->document().sideB().setup();
    const ClippingJob::Shown *beside = other ? &other->clipping().shown() : nullptr;
    // A curve of other weights would compare nothing.
    const bool fits = beside && beside->target.quantization && beside->target.layer == shown.target.layer &&
                      beside->target.channel == shown.target.channel && beside->target.group == shown.target.group &&
                      beside->target.quantization->groupsPerChannel == shown.target.quantization->groupsPerChannel;
    m_plot->setOther(fits ? beside->curve : nullptr);
}

} // namespace qs::ui
