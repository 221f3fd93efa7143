// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Presentation: for a projector: the whole screen, the panels of a class, larger text, and keys that a lecturer needs.
#pragma once

#include "ui/theme/theme.h"
#include "ui/window/class_view.h"

#include <QObject>
#include <QPointer>

class QMainWindow;
class QWidget;

namespace qs::ui {

class ActionRegistry;
class Settings;
class Setup;

class Presentation : public QObject
{
    Q_OBJECT
public:
    /// Text in percent of that of every day.
    static constexpr int kSmallestText = 100;
    static constexpr int kLargestText = 250;
    static constexpr int kTextStep = 25;
    /// What nobody has chosen otherwise: text that the last row of a class can read, as a part of the window's height.
    static constexpr int kLinesOfHeight = 30;

    /// Registers view.present, present.larger, present.smaller, present.usual, present.pause and present.black.
    Presentation(QMainWindow *window, Setup *setup, Settings *settings, ActionRegistry *actions);
    /// While it is on, the text of the program, which outlives the window, becomes what it was.
    ~Presentation() override;

    bool isOn() const { return m_isOn; }
    /// Off: docks, text, theme and focus are as they were before.
    void set(bool on);

protected:
    /// While it is on, the digits 2 to 8 set the bits of all layers, and text follows the window's height.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addActions(ActionRegistry &actions);
    void enter();
    void leave();
    void setText(double points);
    void followHeight();
    void changeText(int percent);
    double readablePoints() const;
    double wantedPoints() const;
    int shownPercent() const;
    void pause(bool on);
    void blacken(bool on);

    QMainWindow *m_window;
    Setup *m_setup;
    Settings *m_settings;
    bool m_isOn = false;
    ClassView m_view;
    QPointer<QWidget> m_focusBefore;
    QPointer<QWidget> m_badge; ///< while results are paused
    QPointer<QWidget> m_black;
    ThemeChoice m_themeBefore = ThemeChoice::System;
    double m_textSize = 0; ///< of the program before, in points
};

} // namespace qs::ui
