// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ClassView: the window with what a class has to see, and nothing else: the scheme, a page, the layers, the lesson.
#pragma once

#include <QByteArray>
#include <QList>
#include <QPointer>

class QAction;
class QDockWidget;
class QMainWindow;
class QWidget;

namespace qs::ui {

/// Takes away tools, the rail of pages, the status line, docks, and all widgets with the property "deskOnly": large
/// text has no room for them. Meanwhile these have the property "away", and the window has "presenting".
class ClassView
{
public:
    explicit ClassView(QMainWindow *window)
        : m_window(window)
    {}

    void take();
    /// All that was taken away, and the docks as they were.
    void bringBack();
    /// Widths for docks and heights for rows that suit the present text and size of the window.
    void arrange();

private:
    struct Away {
        QPointer<QWidget> widget;
        bool wasVisible = false;
    };

    bool isClass() const;
    void takeDocks();
    void takeTools();
    void bringToolsBack();
    void hide(QWidget *widget);

    QMainWindow *m_window;
    QByteArray m_docks;
    QList<Away> m_away;
    QList<QPointer<QAction>> m_tools; ///< of the tool bar, in their order
};

} // namespace qs::ui
