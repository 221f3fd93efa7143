// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ResultView: tells a view what has changed, once per turn of the event loop, and never while the view is hidden.
#pragma once

#include "ui/document/changes.h"

#include <QObject>

#include <functional>

class QWidget;

namespace qs::ui {

class Selection;
class Setup;

/// Collects changes of a setup, the selection and the theme. A hidden view gets what it has missed when it is shown.
/// Another model is told at once: a view that is seen must not ask for layers that are gone.
class ResultView : public QObject
{
public:
    using Refresh = std::function<void(Changes)>;

    /// For a widget, which owns this object.
    ResultView(QWidget *widget, Refresh refresh);
    /// For something that is never hidden, such as an item model.
    ResultView(QObject *owner, Refresh refresh);

    /// From now on hears of those changes of the setup; others do not concern the view.
    void follow(Setup *setup, Changes wanted);
    void follow(Selection *selection);
    void followTheme();
    /// For what only this view knows of.
    void add(Changes changes);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool isHidden() const;
    void flush();

    QWidget *m_widget = nullptr;
    Refresh m_refresh;
    Changes m_pending;
    bool m_queued = false;
};

} // namespace qs::ui
