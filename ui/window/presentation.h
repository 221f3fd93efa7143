// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Presentation: docks hidden and larger text, for a projector.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QPointer>

class QMainWindow;
class QWidget;

namespace qs::ui {

class ActionRegistry;

class Presentation : public QObject
{
    Q_OBJECT
public:
    /// Registers the action view.present.
    Presentation(QMainWindow *window, ActionRegistry *actions);

    bool isOn() const { return m_isOn; }
    /// Off: docks, text and focus are as they were before.
    void set(bool on);

private:
    QMainWindow *m_window;
    bool m_isOn = false;
    QByteArray m_docksBefore;
    QPointer<QWidget> m_focusBefore;
    double m_textSize = 0; ///< of the program before, in points
};

} // namespace qs::ui
