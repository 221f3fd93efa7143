// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Another language: all parts of the window are made anew. No part has to know how to change its words, so none can
// forget one; and what is worth keeping belongs to the document, the selection and the settings anyhow.
#include "ui/actions/action_registry.h"
#include "ui/pages/welcome/error_page.h"
#include "ui/widgets/page_tabs.h"
#include "ui/window/layout.h"
#include "ui/window/main_window.h"
#include "ui/window/shown_state.h"

#include <QAction>
#include <QDockWidget>
#include <QLayout>
#include <QMenuBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>

namespace qs::ui {

void MainWindow::clear()
{
    for (QObject *source : {static_cast<QObject *>(m_document), static_cast<QObject *>(&m_document->undoStack()),
                            static_cast<QObject *>(m_setup), static_cast<QObject *>(&m_selection)})
        disconnect(source, nullptr, this, nullptr);
    // Actions ask what is about to disappear whether they are enabled.
    delete m_actions;
    // The views look at the selection until they are gone.
    delete takeCentralWidget();
    qDeleteAll(findChildren<QDockWidget *>(Qt::FindDirectChildrenOnly));
    qDeleteAll(findChildren<QToolBar *>(Qt::FindDirectChildrenOnly));
    setMenuBar(nullptr);
    setStatusBar(nullptr);
    // Dialogs, menus, and what lies above all other parts. The rest are parts of QMainWindow itself.
    QList<QPointer<QWidget>> widgets;
    for (QWidget *child : findChildren<QWidget *>(Qt::FindDirectChildrenOnly))
        if (child->isWindow() || QLatin1String(child->metaObject()->className()).startsWith(QLatin1String("qs::")))
            widgets << child;
    for (const auto &widget : widgets)
        delete widget;
    // Helpers of the window, which are no widgets. They may own each other.
    QList<QPointer<QObject>> helpers;
    for (QObject *child : children())
        if (!child->isWidgetType() && child != layout() && child != &m_selection)
            helpers << child;
    for (const auto &helper : helpers)
        delete helper;
    m_pages.clear();
}

void MainWindow::renew()
{
    m_renewalQueued = false;
    ShownState state;
    state.tab = m_tabs->currentWidget()->objectName();
    state.isPresenting = m_actions->action(QStringLiteral("view.present"))->isChecked();
    state.isExporting = page<QWidget>(QStringLiteral("export"))->isVisible();
    // What is remembered is the window of every day.
    if (state.isPresenting)
        m_actions->trigger(QStringLiteral("view.present"));
    state.docks = m_layout->docks();
    for (const PageInfo &info : pages())
        if (info.state)
            state.pages.insert(info.id, info.state(m_pages.value(info.id)));
    state.take(m_selection);
    state.snapshots = findChild<Snapshots *>()->all();
    m_setup->setPreview(nullptr);
    setUpdatesEnabled(false);
    clear();
    m_layout = nullptr; // events come while the window is being made
    m_selection.setShape({});
    m_document->renameSteps();
    build();
    m_layout->restoreDocks(state.docks);
    m_layout->setDocksAway(!m_document->model());
    m_document->tellAgain();
    if (m_problem)
        openFailed(OpenProblem(*m_problem));
    else if (m_document->model())
        showModel();
    state.give(m_selection);
    for (const Snapshot &snapshot : state.snapshots)
        findChild<Snapshots *>()->add(snapshot);
    m_actions->refresh();
    showTab(state.tab);
    for (const PageInfo &info : pages())
        if (info.restore)
            info.restore(m_pages.value(info.id), state.pages.value(info.id));
    if (state.isPresenting)
        m_actions->trigger(QStringLiteral("view.present"));
    if (state.isExporting)
        m_actions->trigger(QStringLiteral("model.export"));
    setUpdatesEnabled(true);
}

} // namespace qs::ui
