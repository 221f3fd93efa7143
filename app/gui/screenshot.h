// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the window into a file as soon as it shows everything.
#pragma once

#include "app/gui/arguments.h"

namespace qs::ui {
class Document;
class MainWindow;
} // namespace qs::ui

namespace qs::app {

/// Exit codes of CLI.md.
inline constexpr int kExitWork = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInput = 3;

/// Opens the model (default: the digits demo), waits for all results and ends the event loop with the exit code; what
/// goes wrong is one line on standard error. Call before exec().
void takeScreenshot(ui::MainWindow &window, ui::Document &document, const Arguments &arguments);

void printError(const QString &message);

} // namespace qs::app
