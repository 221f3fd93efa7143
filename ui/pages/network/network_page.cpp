// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/network/network_page.h"

#include "core/network/makers.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/pages/network/network_layout.h"
#include "ui/plots/network_plot.h"
#include "ui/text/format.h"
#include "ui/widgets/elided_label.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>

namespace qs::ui {

namespace {

constexpr std::size_t kMostBoxes = 2000;

using Picture = Result<std::shared_ptr<const NetworkPicture>>;

/// The reason why there is no network is an error here.
Picture pictureOf(const Model &model, std::optional<Activation> activation, const TaskContext &context)
{
    auto found = findNetwork(model, activation, context);
    if (!found)
        return std::unexpected(std::move(found).error());
    if (!found->network)
        return fail(ErrorCode::Input, found->reason);
    auto map = networkMap(model, *found->network, kMostBoxes, context);
    if (!map)
        return std::unexpected(std::move(map).error());
    return layOut(found->network, std::move(*map), context);
}

} // namespace

PageInfo NetworkPage::page()
{
    return {.id = QStringLiteral("network"),
            .icon = QStringLiteral("network"),
            .title = tr("Netw&ork"),
            .tip = tr("The layers as a graph, coloured by error"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * {
                return new NetworkPage(context.setup, context.selection);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                return {static_cast<NetworkPage *>(page)->plot()->plotWidget()};
            }};
}

NetworkPage::NetworkPage(Setup *setup, Selection *selection, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_plot(new NetworkPlot(selection))
    , m_colours(new QComboBox)
    , m_about(new ElidedLabel)
{
    m_colours->addItem(tr("Error of each layer"), static_cast<int>(NetworkPlot::Colours::Shown));
    m_colours->addItem(tr("Error up to here"), static_cast<int>(NetworkPlot::Colours::UpToHere));
    m_colours->addItem(tr("Weight error"), static_cast<int>(NetworkPlot::Colours::Weights));
    m_colours->setToolTip(tr("Which error colours the layers"));
    auto *name = new QLabel(tr("Colours show"));
    name->setObjectName(QStringLiteral("secondary"));
    name->setBuddy(m_colours);
    m_colours->setAccessibleName(name->text());
    m_about->setObjectName(QStringLiteral("secondary"));
    m_about->setProperty("explains", QStringLiteral("network.counts"));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(2, 0, 2, 0);
    row->addWidget(name);
    row->addWidget(m_colours);
    m_about->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_about, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(8);
    layout->addLayout(row);
    layout->addWidget(m_plot, 1);

    connect(m_colours, &QComboBox::currentIndexChanged, this,
            [this] { m_plot->setColours(static_cast<NetworkPlot::Colours>(m_colours->currentData().toInt())); });
    auto *view = new ResultView(this, [this](Changes changes) {
        if (changes & Change::Model)
            m_plot->setModel(m_setup->model());
        findPicture();
        if (changes & (Change::Model | Change::Results | Change::Preview))
            m_plot->setReport(m_setup->shownReport());
        m_plot->setStale(m_setup->isShownStale());
    });
    view->follow(setup, Change::Model | Change::Recipe | Change::Results | Change::Stale | Change::Preview);
    view->add(Change::Model);
}

void NetworkPage::showMessage(const QString &message)
{
    m_about->clear();
    m_plot->setEmptyMessage(message);
    m_plot->setPicture(nullptr);
}

void NetworkPage::findPicture()
{
    const auto &model = m_setup->model();
    if (model == m_model && m_setup->recipe().activation == m_activation)
        return;
    m_model = model;
    m_activation = m_setup->recipe().activation;
    if (!model) {
        m_setup->document().tasks().drop(QStringLiteral("networkPicture"));
        return showMessage(tr("No model is open."));
    }
    showMessage(tr("The network is being drawn …"));
    m_setup->document().tasks().run(
        {QStringLiteral("networkPicture"), tr("Drawing the network …"), JobRank::View}, this,
        [model, activation = m_activation](const TaskContext &context) {
            return pictureOf(*model, activation, context);
        },
        [this, model](const Picture &picture) {
            if (model != m_model)
                return;
            if (!picture && picture.error().code == ErrorCode::Cancelled) {
                m_model = nullptr; // it is asked for again when something changes
                return;
            }
            if (!picture)
                return showMessage(tr("There is no network to draw: %1").arg(text::words(picture.error().sentence())));
            m_plot->setPicture(*picture);
            m_about->setText(m_plot->summary());
        });
}

} // namespace qs::ui
