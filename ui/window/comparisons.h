// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Comparisons: what a person can do with A and B: choose B, swap, copy, and look at B for as long as a key is held.
#pragma once

#include <QObject>

class QWidget;

namespace qs::ui {

class ActionRegistry;
class FileChooser;
class Settings;
class Setup;

class Comparisons : public QObject
{
    Q_OBJECT
public:
    /// Registers the actions compare.*. `window` gets the dialogs.
    Comparisons(Setup *setup, Settings *settings, FileChooser *chooser, ActionRegistry *actions, QWidget *window);

    /// As ModelLocation::parse() reads it.
    void openAsB(const QString &location);

signals:
    /// There is a B, or another one: somebody wants to see both.
    void started();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addActions(ActionRegistry &actions);
    void chooseFile();
    void blink(bool on);

    Setup *m_setup;
    Settings *m_settings;
    FileChooser *m_chooser;
    QWidget *m_window;
};

} // namespace qs::ui
