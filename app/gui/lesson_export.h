// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lessons on paper and as slides, without anybody at the screen.
#pragma once

#include "app/gui/arguments.h"

namespace qs::ui {
class Document;
class MainWindow;
} // namespace qs::ui

namespace qs::app {

/// Says what is wrong with a file, or with a name that is none; the exit code.
int refuseLesson(const QString &name);

/// Writes the hand-out that was asked for; the exit code.
int writeHandOut(const Arguments &arguments);

/// Goes through the steps of the lesson, draws the window with each answer revealed, and ends the program: one picture
/// per step (1920 × 1080) and one PDF with a page per step, in the folder Arguments::steps.
void exportSteps(ui::MainWindow &window, ui::Document &document, const Arguments &arguments);

} // namespace qs::app
