// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FirstHints: after the first demo, what to try next, one sentence after the other in the message bar.
#pragma once

#include <QObject>

namespace qs::ui {

class Setup;
class MessageBar;
class Selection;
class Settings;

/// Each hint goes away when it was followed. All of them are shown once in a user's life.
class FirstHints : public QObject
{
    Q_OBJECT
public:
    FirstHints(Setup *setup, Selection *selection, MessageBar *bar, Settings *settings, QObject *parent);

    /// Begins as soon as the model that is being opened is there.
    void startWithNextModel();

private:
    enum class Step { Idle, WaitForModel, ClickLayer, UntickLayer, Compare, Explain };

    void show(const QString &sentence);
    void finish();

    Selection *m_selection;
    MessageBar *m_bar;
    Settings *m_settings;
    Step m_step = Step::Idle;
};

} // namespace qs::ui
