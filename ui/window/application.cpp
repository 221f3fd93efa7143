// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/application.h"

#include "ui/text/translation.h"

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

QString chooseLanguage(const QString &name)
{
    text::setLanguage(name);
    for (const text::Language &language : text::languages()) {
        if (language.name != text::languageLocale().name() || text::canBeShown(language))
            continue;
        text::setLanguage(QStringLiteral("en"));
        return QStringLiteral("no font that is installed has the characters of %1 (fonts-wqy-microhei has), so the "
                              "window speaks English")
            .arg(language.name);
    }
    return {};
}

} // namespace qs::ui
