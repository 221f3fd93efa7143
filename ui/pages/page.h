// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PageInfo: what the window has to know of a page to show it; and the list of all pages.
#pragma once

#include <QList>
#include <QString>
#include <QVariant>

#include <functional>

class QWidget;

namespace qs::ui {

class ActionRegistry;
class FileChooser;
class Selection;
class Settings;
class Setup;

/// What pages are made of. All of it outlives them.
struct PageContext {
    Setup *setup;
    Selection *selection;
    Settings *settings;
    FileChooser *chooser;
    ActionRegistry *actions;
};

/// Docks beside the centre, tabs in it, sheets above it, and what covers it while no model is open.
enum class PagePlace { LeftDock, RightDock, Tab, Sheet, Cover };

struct PageInfo {
    QString id;         ///< object name of the page; that of its dock is id + "Dock"
    QString icon = {};  ///< name of a themed icon, for tabs
    QString title = {}; ///< with "&" before the letter of its entry in the View menu; docks and tabs show it
    QString tip = {};   ///< one sentence about what it shows
    PagePlace place;
    bool beginsGroup = false; ///< of tabs: the pages from here on are of another kind
    bool onRequest = false;   ///< a dock that is not there on the first day, nor in the View menu
    std::function<QWidget *(const PageContext &)> make;
    /// Widgets that F6 goes to, of the page that `make` made, from top to bottom.
    std::function<QList<QWidget *>(QWidget *)> panes = {};
    /// What of the page is kept nowhere else, and the way back into the same page when it was made anew, in another
    /// language; none: nothing that would be missed.
    std::function<QVariant(QWidget *)> state = {};
    std::function<void(QWidget *, const QVariant &)> restore = {};
};

/// All pages, each place in the order of the window.
QList<PageInfo> pages();
/// A title without its "&".
QString plainTitle(const PageInfo &page);

} // namespace qs::ui
