// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// DockTitle: a dock's title bar that never cuts its text; dragging it moves the dock.
#pragma once

#include <QWidget>

class QDockWidget;

namespace qs::ui {

class DockTitle : public QWidget
{
    Q_OBJECT
public:
    explicit DockTitle(QDockWidget *dock);
};

} // namespace qs::ui
