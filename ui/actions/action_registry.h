// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ActionRegistry: everything that a person can do, each action once. Menus, tool bar, keys and the list of keys read
// it.
#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>
#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace qs::ui {

/// Where the keys of an action work. Keys of Window work everywhere but in fields that take them as text; those of
/// Leftover where nothing that has the focus wants them; the others in the widgets that ActionRegistry::addPlace()
/// names.
enum class ActionPlace { Window = 1, Plot = 2, Table = 4, Centre = 8, Leftover = 16 };
Q_DECLARE_FLAGS(ActionPlaces, ActionPlace)
Q_DECLARE_OPERATORS_FOR_FLAGS(ActionPlaces)

struct ActionInfo {
    QString id;        ///< "room.verb", unique
    QString text;      ///< as menus show it, with "&" before the letter that chooses it there
    QString tip;       ///< one sentence; tool tips and the list of keys show it
    QString icon = {}; ///< name of a themed icon; empty: none
    QList<QKeySequence> keys = {};
    ActionPlaces places = ActionPlace::Window;
    std::function<void()> work = {};        ///< what it does
    std::function<void(QMenu *)> fill = {}; ///< instead of work: makes the entries of a submenu, each time it opens
    std::function<bool()> enabledWhen = {}; ///< none: always
    std::function<bool()> checkedWhen = {}; ///< none: not checkable
};

class ActionRegistry : public QObject
{
    Q_OBJECT
public:
    struct Entry {
        ActionInfo info;
        QAction *action;
    };

    /// `window` gets the keys of ActionPlace::Window and owns the submenus.
    explicit ActionRegistry(QWidget *window);

    /// The id must be new. `existing` is an action that somebody else keeps up to date; its own text, tool tip, check
    /// mark and enabled state stay, and it does its own work. Its object name becomes the id, as for all actions.
    QAction *add(const ActionInfo &info, QAction *existing = nullptr);
    /// In the order in which they were added.
    const std::vector<Entry> &entries() const { return m_entries; }
    /// nullptr when there is none of that id.
    QAction *action(const QString &id) const;
    /// Does what the action does; false when it does not exist or is disabled now.
    bool trigger(const QString &id);
    /// The enabled action of ActionPlace::Leftover with that key; false when there is none.
    bool triggerLeftover(const QKeySequence &key);

    /// Keys of that place work while the focus is in the widget.
    void addPlace(ActionPlace place, QWidget *widget);
    /// Asks every action whether it is enabled and checked.
    void refresh();

private:
    struct Place {
        ActionPlace place;
        QPointer<QWidget> widget;
    };

    QAction *make(const ActionInfo &info);

    QWidget *m_window;
    std::vector<Entry> m_entries;
    std::vector<Place> m_places;
};

/// An entry of a menu: an action, a submenu, or a separator when both are empty.
struct MenuItem {
    QString id = {};
    QString title = {}; ///< of a submenu
    std::vector<MenuItem> items = {};
};

/// Adds the entries to a menu. Every id must be registered.
void fillMenu(QMenu *menu, const ActionRegistry &actions, const std::vector<MenuItem> &items);

} // namespace qs::ui
