// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// CommandPalette: a line that finds whatever a person can do or go to: actions, layers, channels.
#pragma once

#include <QFrame>
#include <QPointer>

#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace qs::ui {

class ActionRegistry;
class Selection;
class Setup;

class CommandPalette : public QFrame
{
    Q_OBJECT
public:
    /// Registers palette.open. Lies over the top of `window` while it is open.
    CommandPalette(Setup *setup, Selection *selection, ActionRegistry *actions, QWidget *window);

    void open();
    QLineEdit *line() const { return m_line; }
    QListWidget *list() const { return m_list; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Entry {
        QString name;
        QString detail; ///< beside it: a key, "layer", "channel"
        QString tip;
        std::function<void()> work;
    };

    void find(const QString &text);
    void addActions(const QStringList &words, std::vector<std::pair<int, Entry>> &found);
    void addPlaces(const QStringList &words, std::vector<std::pair<int, Entry>> &found);
    void run(int row);
    void end();

    Setup *m_setup;
    Selection *m_selection;
    ActionRegistry *m_actions;
    QLineEdit *m_line;
    QListWidget *m_list;
    QPointer<QWidget> m_before; ///< had the focus
    std::vector<Entry> m_entries;
};

} // namespace qs::ui
