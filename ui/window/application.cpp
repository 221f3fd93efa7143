// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/application.h"

#include <QApplication>

namespace qs::ui {

void prepareApplication()
{
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
}

void setUpApplication(QApplication &application, ThemeChoice choice)
{
    application.setApplicationName(QStringLiteral("quantoscope"));
    application.setApplicationDisplayName(QStringLiteral("Quantoscope"));
    application.setApplicationVersion(QStringLiteral(QUANTOSCOPE_VERSION));
    ThemeManager::instance().setChoice(choice);
    application.setWindowIcon(applicationIcon());
}

} // namespace qs::ui
