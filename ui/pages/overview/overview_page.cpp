// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/overview_page.h"

#include "ui/document/document.h"
#include "ui/pages/overview/cards.h"
#include "ui/pages/overview/inputs_line.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/scale_plot.h"

#include <QBoxLayout>
#include <QSplitter>

namespace qs::ui {

OverviewPage::OverviewPage(Document *document, Selection *selection, FileChooser *chooser, Settings *settings,
                           QWidget *parent)
    : QWidget(parent)
    , m_cards(new Cards(document))
    , m_feed(new FeedLine(document, chooser, settings))
    , m_scales(new ScalePlot(selection))
    , m_errors(new ErrorPlot(selection))
{
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setObjectName(QStringLiteral("overviewSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(10);
    splitter->addWidget(m_scales);
    splitter->addWidget(m_errors);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 8);
    layout->setSpacing(10);
    layout->addWidget(m_cards);
    layout->addWidget(splitter, 1);
    layout->addWidget(m_feed);

    for (LayerPlot *plot : {static_cast<LayerPlot *>(m_scales), static_cast<LayerPlot *>(m_errors)}) {
        connect(document, &Document::modelChanged, plot, [document, plot] { plot->setModel(document->model()); });
        connect(document, &Document::resultsChanged, plot, [document, plot] { plot->setReport(document->report()); });
        const auto fade = [document, plot] {
            // Before the first result there is nothing old to fade.
            plot->setStale(document->report() && document->report()->total.layers > 0 &&
                           document->analysis() != Document::Analysis::Done);
        };
        connect(document, &Document::recipeChanged, plot, fade);
        connect(document, &Document::analysisChanged, plot, fade);
    }
}

} // namespace qs::ui
