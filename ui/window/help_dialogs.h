// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The list of keys and the About box; neither stops the window behind it.
#pragma once

class QWidget;

namespace qs::ui {

class ActionRegistry;

/// All actions that have keys.
void showKeyList(const ActionRegistry &actions, QWidget *parent);
void showAboutBox(QWidget *parent);

} // namespace qs::ui
