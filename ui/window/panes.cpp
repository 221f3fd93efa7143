// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/panes.h"

#include "ui/actions/action_registry.h"

#include <QApplication>
#include <QWidget>

namespace qs::ui {

Panes::Panes(ActionRegistry *actions)
    : QObject(actions)
{
    actions->add({.id = QStringLiteral("pane.next"),
                  .text = tr("Ne&xt pane"),
                  .tip = tr("Focus to the next pane"),
                  .keys = {Qt::Key_F6},
                  .work = [this] { step(+1); }});
    actions->add({.id = QStringLiteral("pane.previous"),
                  .text = tr("&Previous pane"),
                  .tip = tr("Focus to the pane before"),
                  .keys = {QKeySequence(Qt::SHIFT | Qt::Key_F6)},
                  .work = [this] { step(-1); }});
}

void Panes::step(int direction)
{
    QList<QWidget *> visible;
    for (const auto &panes : std::as_const(m_panes))
        for (QWidget *pane : panes())
            if (pane->isVisible() && pane->isEnabled())
                visible << pane;
    if (visible.isEmpty())
        return;
    qsizetype current = -1;
    for (qsizetype i = 0; i < visible.size(); ++i)
        if (const QWidget *focus = QApplication::focusWidget();
            focus && (focus == visible[i] || visible[i]->isAncestorOf(focus)))
            current = i;
    const qsizetype count = visible.size();
    visible[current < 0 ? 0 : (current + direction + count) % count]->setFocus(Qt::TabFocusReason);
}

} // namespace qs::ui
