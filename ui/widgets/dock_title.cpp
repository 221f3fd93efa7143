// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/dock_title.h"

#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QDockWidget>
#include <QLabel>
#include <QToolButton>

namespace qs::ui {

DockTitle::DockTitle(QDockWidget *dock)
    : QWidget(dock)
{
    setObjectName(QStringLiteral("dockTitle"));
    setAttribute(Qt::WA_StyledBackground);
    auto *close = new QToolButton;
    close->setObjectName(QStringLiteral("tiny"));
    close->setIcon(themedIcon(QStringLiteral("close"), &Theme::secondaryText));
    close->setIconSize(QSize(12, 12));
    // The keys F8 and F9 and the View menu do the same; here it would be a stop on every way with Tab.
    close->setFocusPolicy(Qt::NoFocus);
    close->setToolTip(tr("Hide; the View menu brings it back"));
    close->setAccessibleName(tr("Hide the panel %1").arg(dock->windowTitle()));
    connect(close, &QToolButton::clicked, dock, &QWidget::close);
    auto *title = new QLabel(dock->windowTitle());
    title->setObjectName(QStringLiteral("panelTitle"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 5, 6, 5);
    layout->addWidget(title, 1);
    layout->addWidget(close);
}

} // namespace qs::ui
