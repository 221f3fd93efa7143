// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/class_view.h"

#include <QAction>
#include <QDockWidget>
#include <QFontMetrics>
#include <QMainWindow>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

/// Docks that a class needs: the step, and the layers to tick.
const QString kLesson = QStringLiteral("lessonDock");
const QString kLayers = QStringLiteral("layersDock");
constexpr auto kPresenting = "presenting"; // of the window
constexpr auto kAway = "away";             // of what was taken away
/// Property of a tool's action: how its button shows it.
constexpr auto kButtonStyle = "buttonStyle";
/// Of the window's width at most, in percent, and what text wants of it, in characters.
constexpr int kLessonShare = 32;
constexpr int kLessonText = 30;
constexpr int kLayersShare = 24;
constexpr int kLayersText = 22;

} // namespace

bool ClassView::isClass() const
{
    const auto *lesson = m_window->findChild<QDockWidget *>(kLesson);
    return lesson && !lesson->isHidden();
}

void ClassView::hide(QWidget *widget)
{
    if (!widget)
        return;
    m_away << Away{widget, !widget->isHidden()};
    widget->hide();
    widget->setProperty(kAway, true); // for those that come and go by themselves
}

void ClassView::take()
{
    m_docks = m_window->saveState();
    takeDocks();
    takeTools();
    hide(m_window->statusBar());
    if (const auto *tabs = m_window->findChild<QTabWidget *>(QStringLiteral("tabs")))
        hide(tabs->tabBar());
    for (QWidget *widget : m_window->findChildren<QWidget *>())
        if (widget->property("deskOnly").toBool())
            hide(widget);
    m_window->setProperty(kPresenting, true);
}

void ClassView::takeDocks()
{
    const bool withLesson = isClass();
    for (QDockWidget *dock : m_window->findChildren<QDockWidget *>(Qt::FindDirectChildrenOnly)) {
        const bool stays = withLesson && (dock->objectName() == kLesson || dock->objectName() == kLayers);
        // The step has its side for itself; what it wants to show comes under the layers.
        if (withLesson && !stays && m_window->dockWidgetArea(dock) == Qt::RightDockWidgetArea)
            m_window->addDockWidget(Qt::LeftDockWidgetArea, dock);
        if (!stays)
            dock->hide();
    }
}

/// Their actions stay what they are: they are those of the menus, too.
void ClassView::takeTools()
{
    auto *bar = m_window->findChild<QToolBar *>(QStringLiteral("toolBar"));
    for (QAction *action : bar->actions())
        m_tools << action;
    for (QAction *action : bar->actions()) {
        const auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(action));
        if (!button && !action->isSeparator())
            continue;
        if (button)
            action->setProperty(kButtonStyle, button->toolButtonStyle());
        bar->removeAction(action);
    }
}

void ClassView::bringToolsBack()
{
    auto *bar = m_window->findChild<QToolBar *>(QStringLiteral("toolBar"));
    QAction *next = nullptr;
    for (qsizetype i = m_tools.size() - 1; bar && i >= 0; --i) {
        QAction *action = m_tools[i];
        if (!action)
            continue;
        if (!bar->actions().contains(action)) {
            bar->insertAction(next, action);
            if (auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(action)))
                button->setToolButtonStyle(static_cast<Qt::ToolButtonStyle>(action->property(kButtonStyle).toInt()));
        }
        next = action;
    }
    m_tools.clear();
}

void ClassView::bringBack()
{
    bringToolsBack();
    for (const Away &each : std::exchange(m_away, {})) {
        if (!each.widget)
            continue;
        each.widget->setVisible(each.wasVisible);
        each.widget->setProperty(kAway, false);
    }
    m_window->setProperty(kPresenting, false);
    m_window->restoreState(m_docks);
}

void ClassView::arrange()
{
    if (!isClass())
        return;
    const int character = m_window->fontMetrics().averageCharWidth();
    const int width = m_window->width();
    auto *layers = m_window->findChild<QDockWidget *>(kLayers);
    QList<QDockWidget *> docks{m_window->findChild<QDockWidget *>(kLesson)};
    QList<int> widths{std::min(width * kLessonShare / 100, character * kLessonText)};
    // A step may have put something else in its place.
    if (layers && !layers->isHidden()) {
        docks << layers;
        widths << std::min(width * kLayersShare / 100, character * kLayersText);
    }
    m_window->resizeDocks(docks, widths, Qt::Horizontal);
}

} // namespace qs::ui
