// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/codes/codes_page.h"

#include "core/analysis/weight_lookup.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/plots/code_grid_plot.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/widgets/group_field.h"

#include <QBoxLayout>

#include <utility>

namespace qs::ui {

PageInfo CodesPage::page()
{
    return {
        .id = QStringLiteral("codes"),
        .icon = QStringLiteral("codes"),
        .title = tr("Code &grid"),
        .tip = tr("Which weights of a channel fall to which code"),
        .place = PagePlace::Tab,
        .make = [](const PageContext &context) -> QWidget * { return new CodesPage(context.setup, context.selection); },
        .panes = [](QWidget *page) -> QList<QWidget *> {
            return {static_cast<CodesPage *>(page)->plot()->plotWidget()};
        }};
}

CodesPage::CodesPage(Setup *setup, Selection *selection, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_plot(new CodeGridPlot(selection))
    , m_group(new GroupField(GroupField::Whole::Offered))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(8);
    layout->addWidget(m_group);
    layout->addWidget(m_plot, 1);
    connect(m_group, &GroupField::chosen, selection, &Selection::setGroup);
    connect(m_plot, &CodeGridPlot::weightChosen, this, &CodesPage::followNearest);
    auto *view = new ResultView(this, [this](Changes changes) {
        if (changes & (Change::Model | Change::Selection))
            ask();
        refresh();
    });
    view->follow(setup, Change::Model | Change::Distribution | Change::Results | Change::Stale);
    view->follow(selection);
    view->add(Change::Model);
}

void CodesPage::ask()
{
    m_setup->distribution().show(m_setup->model() ? DistributionJob::Target::of(*m_selection)
                                                  : DistributionJob::Target{});
}

void CodesPage::refresh()
{
    const DistributionJob::Shown &shown = m_setup->distribution().shown();
    QString subtitle;
    QString message = tr("Select a layer to see which codes its weights fall to.");
    if (shown.target.layer) {
        subtitle = shown.target.name(*m_setup->model());
        message = tr("There are no codes: %1").arg(shown.problem);
    }
    m_plot->setEmptyMessage(message);
    showGroups();
    const bool same = subtitle == std::exchange(m_shown, subtitle);
    const QString scheme = shown.values ? text::words(shown.scheme.summary()) : QString();
    m_plot->setDistribution(shown.values, scheme.isEmpty() ? subtitle : tr("%1 · %2").arg(subtitle, scheme),
                            shown.scheme, same);
    const auto &followed = m_selection->followed();
    m_plot->setFollowed(followed ? std::optional(static_cast<double>(followed->value)) : std::nullopt);
    m_plot->setStale(m_setup->analysisJob().isStale());
}

/// The groups of the channel, of which each has a grid of its own.
void CodesPage::showGroups()
{
    const int layer = m_selection->layer();
    const std::shared_ptr<const Report> report = m_setup->report();
    const LayerReport *selected =
        report && layer >= 0 ? report->layers[static_cast<std::size_t>(layer)].get() : nullptr;
    const bool has = selected && selected->quantization && m_selection->channel() >= 0;
    m_group->showGroup(m_selection->group(), has ? selected->quantization->groupsPerChannel : 0);
}

/// Looks for the weight in the background: a large layer takes a while to read.
void CodesPage::followNearest(double value)
{
    const DistributionJob::Target target = m_setup->distribution().shown().target;
    if (!target.layer || m_selection->layer() != static_cast<int>(*target.layer))
        return;
    const std::shared_ptr<const LayerReport> layer = m_setup->report()->layers[*target.layer];
    if (!layer || !layer->quantization)
        return;
    m_setup->document().tasks().run(
        {QStringLiteral("followWeight"), tr("Looking for the weight …"), JobRank::View}, this,
        [model = m_setup->model(), target, source = layer->quantization, value](const TaskContext &context) {
            return nearestWeight(*model, model->layers[*target.layer], *source, target.part, value, context);
        },
        [this, target](const Result<FoundWeight> &found) {
            if (found && m_selection->layer() == static_cast<int>(*target.layer))
                m_selection->follow(
                    {static_cast<qint64>(found->channel), static_cast<qint64>(found->weight), found->value});
        });
}

} // namespace qs::ui
