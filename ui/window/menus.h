// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The menu bar and the tool bar: which actions, in which order.
#pragma once

class QMainWindow;
class QWidget;

namespace qs::ui {

class ActionRegistry;

/// All actions must be registered.
void buildMenuBar(QMainWindow &window, const ActionRegistry &actions);
/// `scheme` stands in the middle of the bar.
void buildToolBar(QMainWindow &window, const ActionRegistry &actions, QWidget *scheme);

} // namespace qs::ui
