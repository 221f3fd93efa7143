// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Panes: the widgets that F6 goes to, one after the other.
#pragma once

#include <QList>
#include <QObject>

#include <functional>

class QWidget;

namespace qs::ui {

class ActionRegistry;

class Panes : public QObject
{
    Q_OBJECT
public:
    /// Registers the actions pane.next and pane.previous.
    explicit Panes(ActionRegistry *actions);

    /// Asked at each step; what is hidden or disabled then is left out.
    void add(const std::function<QList<QWidget *>()> &panes) { m_panes << panes; }

private:
    void step(int direction);

    QList<std::function<QList<QWidget *>()>> m_panes;
};

} // namespace qs::ui
