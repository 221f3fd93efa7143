// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions/action_registry.h"

#include "ui/text/translation.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QMenu>

#include <algorithm>

namespace qs::ui {

ActionRegistry::ActionRegistry(QWidget *window)
    : QObject(window)
    , m_window(window)
{
    setObjectName(QStringLiteral("actions"));
    addPlace(ActionPlace::Window, window);
}

QAction *ActionRegistry::make(const ActionInfo &info)
{
    QString tip = info.tip;
    if (!info.keys.isEmpty())
        tip += QStringLiteral(" (%1)").arg(info.keys.front().toString(QKeySequence::NativeText));
    QAction *action = nullptr;
    if (info.fill) {
        auto *menu = new QMenu(info.text, m_window);
        menu->setToolTipsVisible(true);
        connect(menu, &QMenu::aboutToShow, this, [menu, fill = info.fill] {
            menu->clear();
            fill(menu);
        });
        action = menu->menuAction();
    } else {
        action = new QAction(info.text, this);
        // The dots of a menu would promise a dialog on a button that is one click.
        action->setIconText(text::withoutLetter(info.text).remove(u'…'));
        action->setCheckable(static_cast<bool>(info.checkedWhen));
        // A click turns the mark by itself; what the mark means decides.
        connect(action, &QAction::triggered, this, [this, work = info.work] {
            work();
            refresh();
        });
    }
    action->setToolTip(tip);
    return action;
}

QAction *ActionRegistry::add(const ActionInfo &info, QAction *existing)
{
    Q_ASSERT(!action(info.id));
    Q_ASSERT(existing || bool(info.work) != bool(info.fill));
    QAction *action = existing ? existing : make(info);
    action->setObjectName(info.id);
    if (!info.icon.isEmpty())
        action->setIcon(themedIcon(info.icon));
    if (info.places != ActionPlace::Leftover) {
        action->setShortcuts(info.keys);
        action->setShortcutContext(info.places & ActionPlace::Window ? Qt::WindowShortcut
                                                                     : Qt::WidgetWithChildrenShortcut);
    }
    for (const Place &place : m_places)
        if (place.widget && (info.places & place.place))
            place.widget->addAction(action);
    m_entries.push_back({info, action});
    refresh();
    return action;
}

QAction *ActionRegistry::action(const QString &id) const
{
    const auto found = std::ranges::find(m_entries, id, [](const Entry &entry) { return entry.info.id; });
    return found == m_entries.end() ? nullptr : found->action;
}

bool ActionRegistry::trigger(const QString &id)
{
    QAction *found = action(id);
    if (!found || !found->isEnabled())
        return false;
    found->trigger();
    return true;
}

bool ActionRegistry::triggerLeftover(const QKeySequence &key)
{
    refresh();
    for (const Entry &entry : m_entries)
        if (entry.info.places == ActionPlace::Leftover && entry.info.keys.contains(key))
            return trigger(entry.info.id);
    return false;
}

void ActionRegistry::addPlace(ActionPlace place, QWidget *widget)
{
    m_places.push_back({place, widget});
    for (const Entry &entry : m_entries)
        if (entry.info.places & place)
            widget->addAction(entry.action);
}

void ActionRegistry::refresh()
{
    for (const Entry &entry : m_entries) {
        if (entry.info.enabledWhen)
            entry.action->setEnabled(entry.info.enabledWhen());
        if (entry.info.checkedWhen)
            entry.action->setChecked(entry.info.checkedWhen());
    }
}

void fillMenu(QMenu *menu, const ActionRegistry &actions, const std::vector<MenuItem> &items)
{
    for (const MenuItem &item : items) {
        if (!item.id.isEmpty())
            menu->addAction(actions.action(item.id));
        else if (!item.title.isEmpty())
            fillMenu(menu->addMenu(item.title), actions, item.items);
        else
            menu->addSeparator();
    }
}

} // namespace qs::ui
