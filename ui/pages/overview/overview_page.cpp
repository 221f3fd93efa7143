// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/overview_page.h"

#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/models/layer_model.h"
#include "ui/pages/overview/cards.h"
#include "ui/pages/overview/inputs_line.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/scale_plot.h"

#include <QBoxLayout>
#include <QSplitter>

namespace qs::ui {

PageInfo OverviewPage::page()
{
    return {.id = QStringLiteral("overview"),
            .icon = QStringLiteral("chart"),
            .title = tr("O&verview"),
            .tip = tr("Scales and output errors of all layers"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * {
                return new OverviewPage(context.setup, context.selection, context.chooser, context.settings);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                const auto *made = static_cast<OverviewPage *>(page);
                return {made->scalePlot()->plotWidget(), made->errorPlot()->plotWidget()};
            }};
}

OverviewPage::OverviewPage(Setup *setup, Selection *selection, FileChooser *chooser, Settings *settings,
                           QWidget *parent)
    : QWidget(parent)
    , m_cards(new Cards(setup))
    , m_feed(new InputsLine(setup, chooser, settings))
    , m_scales(new ScalePlot(selection))
    , m_errors(new ErrorPlot(selection))
{
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("overviewSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    m_scales->setProperty("target", QStringLiteral("scales"));
    m_errors->setProperty("target", QStringLiteral("errors"));
    splitter->addWidget(m_scales);
    splitter->addWidget(m_errors);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 8);
    layout->setSpacing(10);
    layout->addWidget(m_cards);
    layout->addWidget(splitter, 1);
    layout->addWidget(m_feed);

    auto *view = new ResultView(this, [this, setup](Changes changes) {
        if ((changes & Change::Recipe) && !(changes & Change::Model))
            keepGhosts();
        const SideB &sideB = setup->document().sideB();
        for (LayerPlot *plot : {static_cast<LayerPlot *>(m_scales), static_cast<LayerPlot *>(m_errors)}) {
            if (changes & Change::Model)
                plot->setModel(setup->model());
            if (const auto &report = setup->shownReport())
                m_errors->setProperty("explains", LayerModel::errorExplanation(shownErrorKind(*report)));
            if (changes & (Change::Results | Change::Preview))
                plot->setReport(setup->shownReport());
            if (changes & (Change::Model | Change::SideB))
                plot->setOther(sideB.report(), sideB.title());
            plot->setStale(setup->isShownStale());
        }
    });
    view->follow(setup,
                 Change::Model | Change::Recipe | Change::Results | Change::Stale | Change::Preview | Change::SideB);
}

void OverviewPage::keepGhosts()
{
    m_scales->keepGhost();
    m_errors->keepGhost();
}

} // namespace qs::ui
