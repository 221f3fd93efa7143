// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/layout.h"

#include "ui/actions/action_registry.h"
#include "ui/settings/settings.h"
#include "ui/widgets/dock_title.h"
#include "ui/window/presentation.h"

#include <QAction>
#include <QDockWidget>
#include <QMainWindow>
#include <QResizeEvent>
#include <QScreen>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kLayoutVersion = 1;
constexpr QSize kDefaultSize(1440, 900);
constexpr int kLeftWidth = 412;
constexpr int kNarrowLeftWidth = 288;
constexpr int kRightWidth = 270;
/// Below this width of the window the docks give way to the plots.
constexpr int kRoomyWidth = 1300;
/// Property of a dock: where it belongs by default.
constexpr auto kPlace = "place";
/// The same: it is there only when somebody has asked for it.
constexpr auto kOnRequest = "onRequest";

} // namespace

WindowLayout::WindowLayout(QMainWindow *window, Settings *settings, Presentation *presentation)
    : QObject(window)
    , m_window(window)
    , m_settings(settings)
    , m_presentation(presentation)
{
    window->setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks);
    window->setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    window->setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
}

QDockWidget *WindowLayout::addDock(const PageInfo &info, QWidget *page, ActionRegistry &actions)
{
    auto *dock = new QDockWidget(plainTitle(info));
    dock->setObjectName(info.id + QStringLiteral("Dock"));
    dock->setProperty(kPlace, static_cast<int>(info.place));
    dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    dock->setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    dock->setTitleBarWidget(new DockTitle(dock));
    dock->setWidget(page);
    m_window->addDockWidget(info.place == PagePlace::LeftDock ? Qt::LeftDockWidgetArea : Qt::RightDockWidgetArea, dock);
    dock->setProperty(kOnRequest, info.onRequest);
    dock->setHidden(info.onRequest);
    QAction *toggle = dock->toggleViewAction();
    toggle->setText(info.title);
    actions.add({.id = QStringLiteral("dock.") + info.id, .text = info.title, .tip = info.tip}, toggle);
    return dock;
}

void WindowLayout::addActions(ActionRegistry &actions)
{
    actions.add({.id = QStringLiteral("layout.left"),
                 .text = tr("Hide or show the l&eft panels"),
                 .tip = tr("Hide or show the left panels"),
                 .keys = {Qt::Key_F8},
                 .work = [this] { toggle(PagePlace::LeftDock); }});
    actions.add({.id = QStringLiteral("layout.right"),
                 .text = tr("Hide or show the &right panel"),
                 .tip = tr("Hide or show the right panel"),
                 .keys = {Qt::Key_F9},
                 .work = [this] { toggle(PagePlace::RightDock); }});
    actions.add({.id = QStringLiteral("layout.restore"),
                 .text = tr("Restore def&ault layout"),
                 .tip = tr("All panels and columns as on the first day"),
                 .work = [this] { restoreDefault(); }});
}

QList<QDockWidget *> WindowLayout::docksAt(PagePlace place) const
{
    QList<QDockWidget *> docks = m_window->findChildren<QDockWidget *>(Qt::FindDirectChildrenOnly);
    docks.removeIf([place](const QDockWidget *dock) {
        return dock->property(kPlace) != static_cast<int>(place) ||
               (dock->property(kOnRequest).toBool() && dock->isHidden());
    });
    return docks;
}

void WindowLayout::toggle(PagePlace place)
{
    const QList<QDockWidget *> docks = docksAt(place);
    const bool show = std::ranges::any_of(docks, [](const auto *dock) { return dock->isHidden(); });
    for (QDockWidget *dock : docks)
        dock->setVisible(show);
}

void WindowLayout::restore()
{
    m_window->resize(kDefaultSize);
    m_defaultState = m_window->saveState(kLayoutVersion);
    m_window->restoreGeometry(m_settings->data().windowGeometry);
    if (m_window->restoreState(m_settings->data().windowState, kLayoutVersion))
        m_docksSized = m_ownDockSizes = true;
    fitScreen();
    m_fitted = m_window->size();
}

void WindowLayout::restoreDocks(const Docks &docks)
{
    m_defaultState = m_window->saveState(kLayoutVersion);
    m_docksSized = m_window->restoreState(docks.state, kLayoutVersion);
    m_ownDockSizes = docks.ownSizes;
}

WindowLayout::Docks WindowLayout::docks()
{
    setDocksAway(false);
    return {m_window->saveState(kLayoutVersion), m_ownDockSizes};
}

void WindowLayout::restoreDefault()
{
    m_presentation->set(false);
    const bool wereAway = m_areAway;
    setDocksAway(false);
    m_window->restoreState(m_defaultState, kLayoutVersion);
    m_docksSized = m_ownDockSizes = false;
    setDocksAway(wereAway);
    emit defaultRestored();
    // Before the first show, the show event does it.
    if (m_window->isVisible())
        sizeDocks();
}

void WindowLayout::save()
{
    m_presentation->set(false);
    setDocksAway(false);
    SettingsData changed = m_settings->data();
    changed.windowGeometry = m_window->saveGeometry();
    changed.windowState = m_window->saveState(kLayoutVersion);
    m_settings->set(changed);
}

void WindowLayout::setDocksAway(bool away)
{
    if (m_areAway == away)
        return;
    // It hides docks, too, and remembers which.
    const bool isPresenting = m_presentation->isOn();
    m_presentation->set(false);
    m_areAway = away;
    if (away) {
        m_awayDocks = m_window->findChildren<QDockWidget *>(Qt::FindDirectChildrenOnly);
        m_awayDocks.removeIf(
            [](const QDockWidget *dock) { return dock->isHidden() || dock->property(kOnRequest).toBool(); });
        for (QDockWidget *dock : std::as_const(m_awayDocks))
            dock->hide();
    } else {
        for (QDockWidget *dock : std::as_const(m_awayDocks))
            dock->show();
        m_awayDocks.clear();
        if (m_window->isVisible())
            QTimer::singleShot(0, this, &WindowLayout::sizeDocks);
    }
    m_presentation->set(isPresenting);
}

/// Moves and shrinks the window so that its frame lies within the available part of its screen.
void WindowLayout::fitScreen()
{
    if (m_window->isMaximized() || m_window->isFullScreen())
        return;
    const QRect screen = m_window->screen()->availableGeometry();
    // Before the window is shown, nobody knows its frame: an empty one.
    const QSize frame = m_window->frameGeometry().size() - m_window->size();
    m_window->resize(m_window->size().boundedTo(screen.size() - frame));
    const QSize room = (screen.size() - m_window->size() - frame).expandedTo({0, 0});
    const QPoint corner = m_window->pos();
    const QPoint inside(std::clamp(corner.x(), screen.left(), screen.left() + room.width()),
                        std::clamp(corner.y(), screen.top(), screen.top() + room.height()));
    if (inside != corner)
        m_window->move(inside);
}

void WindowLayout::sizeDocks()
{
    if (m_areAway || std::exchange(m_docksSized, true))
        return;
    const bool roomy = m_window->width() >= kRoomyWidth;
    const int left = roomy ? kLeftWidth : kNarrowLeftWidth;
    const int right = roomy ? kRightWidth : kRightWidth * 3 / 4;
    const QList<QDockWidget *> leftDocks = docksAt(PagePlace::LeftDock);
    const QList<QDockWidget *> rightDocks = docksAt(PagePlace::RightDock);
    m_window->resizeDocks({leftDocks.front(), rightDocks.front()}, {left, right}, Qt::Horizontal);
    // The first of the left ones is the table of layers, which people work in: the more rows, the better.
    const int height = m_window->height();
    QList<int> heights(leftDocks.size(), height * 35 / 100 / std::max(1, static_cast<int>(leftDocks.size()) - 1));
    heights.front() = height * 65 / 100;
    m_window->resizeDocks(leftDocks, heights, Qt::Vertical);
}

void WindowLayout::follow(const QEvent &event)
{
    switch (event.type()) {
    case QEvent::Resize:
        resized(static_cast<const QResizeEvent &>(event).oldSize().width());
        break;
    case QEvent::Show:
        // Docks can be resized only once the window has its layout, and only now it has a frame.
        QTimer::singleShot(0, this, [this] {
            sizeDocks();
            // A size that somebody has asked for in the meantime is a wish.
            if (m_window->size() == std::exchange(m_fitted, QSize()))
                fitScreen();
        });
        break;
    case QEvent::MouseButtonPress:
        // The lines between docks are no widgets, and nothing tells that one is moved; but only they take a press.
        m_ownDockSizes = m_ownDockSizes || event.isAccepted();
        break;
    default:
        break;
    }
}

void WindowLayout::resized(int oldWidth)
{
    const bool roomy = m_window->width() >= kRoomyWidth;
    const bool wasRoomy = oldWidth >= kRoomyWidth;
    if (roomy == wasRoomy || m_ownDockSizes || !m_docksSized)
        return;
    m_docksSized = false;
    QTimer::singleShot(0, this, &WindowLayout::sizeDocks);
}

} // namespace qs::ui
