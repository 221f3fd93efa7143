// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Actions of the window that belong to none of its parts.
#pragma once

class QMainWindow;

namespace qs::ui {

class ActionRegistry;
class MessageBar;
class Settings;
class Setup;
class StatusLine;

/// Undo and redo, themes, analysis, figures, help, end.
void addWindowActions(ActionRegistry &actions, QMainWindow *window, Setup *setup, Settings *settings,
                      MessageBar *messages, StatusLine *status);

} // namespace qs::ui
