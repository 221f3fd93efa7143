// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sets up the application object: the same in the program and in tests that drive its window.
#pragma once

#include "ui/theme/theme.h"

class QApplication;

namespace qs::ui {

/// Call before the QApplication is made: fractional scale factors stay as they are.
void prepareApplication();

/// Names, icon, Fusion style and theme.
void setUpApplication(QApplication &application, ThemeChoice choice);

/// As text::setLanguage(). English when no font has the characters of that language: then says so in one sentence, and
/// nothing otherwise.
QString chooseLanguage(const QString &name);

} // namespace qs::ui
