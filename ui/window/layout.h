// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// WindowLayout: where the window and its docks are, and how that is remembered.
#pragma once

#include "ui/pages/page.h"

#include <QMainWindow>
#include <QObject>

class QDockWidget;

namespace qs::ui {

class Presentation;

class WindowLayout : public QObject
{
    Q_OBJECT
public:
    /// Presentation is for the moment: what is remembered is the window of every day.
    WindowLayout(QMainWindow *window, Settings *settings, Presentation *presentation);

    /// A dock for a page, and the action dock.ID that shows and hides it.
    QDockWidget *addDock(const PageInfo &info, QWidget *page, ActionRegistry &actions);
    /// Registers layout.left, layout.right and layout.restore.
    void addActions(ActionRegistry &actions);

    /// After all docks and bars are there: takes that for the default layout, then what was remembered.
    void restore();
    struct Docks {
        QByteArray state;
        bool ownSizes = false; ///< of the user
    };
    /// The same for docks that have just been made again in a window that stays as it is.
    void restoreDocks(const Docks &docks);
    Docks docks();
    void restoreDefault();
    void save();
    /// While there is no model, docks would be empty frames: away with those that are there, until it ends.
    void setDocksAway(bool away);
    /// To be called after the window has worked on an event of its own.
    void follow(const QEvent &event);

signals:
    void defaultRestored();

private:
    QList<QDockWidget *> docksAt(PagePlace place) const;
    void toggle(PagePlace place);
    void resized(int oldWidth);
    void sizeDocks();
    void fitScreen();

    QMainWindow *m_window;
    Settings *m_settings;
    Presentation *m_presentation;
    QByteArray m_defaultState;
    QSize m_fitted; ///< of the window, until its first show has told how large its frame is
    QList<QDockWidget *> m_awayDocks;
    bool m_areAway = false;
    bool m_docksSized = false;
    bool m_ownDockSizes = false; ///< of the user, which stay whatever becomes of the window
};

} // namespace qs::ui
