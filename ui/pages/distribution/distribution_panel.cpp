// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/distribution/distribution_panel.h"

#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/plots/rounding_histogram.h"
#include "ui/plots/weight_histogram.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"

#include <QBoxLayout>
#include <QSplitter>

#include <utility>

namespace qs::ui {

namespace {

/// Shorter waits are not worth a flicker.
constexpr int kSlow = 200;
/// Below it the axis of a histogram cannot be read.
constexpr int kNarrowest = 220;

} // namespace

PageInfo DistributionPanel::page()
{
    return {.id = QStringLiteral("distribution"),
            .title = tr("&Distribution"),
            .tip = tr("How the weights of the selected layer are spread"),
            .place = PagePlace::RightDock,
            .make = [](const PageContext &context) -> QWidget * {
                return new DistributionPanel(context.setup, context.selection);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                const auto *made = static_cast<DistributionPanel *>(page);
                return {made->weights()->plotWidget(), made->roundingErrors()->plotWidget()};
            }};
}

DistributionPanel::DistributionPanel(Setup *setup, Selection *selection, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_weights(new WeightHistogram(selection))
    , m_rounding(new RoundingHistogram(selection))
{
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    splitter->addWidget(m_weights);
    splitter->addWidget(m_rounding);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->addWidget(splitter);
    setMinimumWidth(kNarrowest);

    m_slow.setSingleShot(true);
    m_slow.setInterval(kSlow);
    connect(&m_slow, &QTimer::timeout, this, [this] { setStale(m_setup->distribution().isPending()); });
    auto *view = new ResultView(this, [this](Changes changes) {
        if (changes & (Change::Model | Change::Selection))
            follow();
        if (changes & Change::Distribution)
            refresh();
        if (changes & (Change::Distribution | Change::SideB))
            showOther();
    });
    view->follow(setup, Change::Model | Change::Distribution | Change::SideB);
    view->follow(selection);
    refresh();
}

void DistributionPanel::follow()
{
    const auto target = DistributionJob::Target::of(*m_selection);
    m_setup->distribution().show(target);
    m_setup->document().sideB().showDistribution(target);
    m_slow.start();
}

void DistributionPanel::refresh()
{
    const DistributionJob::Shown &shown = m_setup->distribution().shown();
    QString subtitle;
    QString message = tr("Select a layer to see how its weights are spread.");
    if (shown.target.layer) {
        subtitle = shown.target.name(*m_setup->model());
        message = tr("There is no distribution: %1").arg(shown.problem);
    }
    m_weights->setEmptyMessage(message);
    m_rounding->setEmptyMessage(message);
    // A change of the scheme keeps the zoom, another part does not.
    const bool same = subtitle == std::exchange(m_shown, subtitle);
    m_weights->setDistribution(shown.values, subtitle, shown.scheme, same);
    m_rounding->setDistribution(shown.values, subtitle, shown.scheme, same);
    setStale(false);
}

/// That of another layer or channel is no match for what is drawn.
void DistributionPanel::showOther()
{
    const SideB &other = m_setup->document().sideB();
    std::shared_ptr<const Distribution> values;
    if (other.isOpen() && other.distribution().target == m_setup->distribution().shown().target)
        values = other.distribution().values;
    m_weights->setOther(values);
    m_rounding->setOther(values);
}

void DistributionPanel::setStale(bool stale)
{
    m_weights->setStale(stale);
    m_rounding->setStale(stale);
}

} // namespace qs::ui
