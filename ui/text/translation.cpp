// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/translation.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace qs::ui::text {

namespace {

constexpr const char *kFolder = ":/translations";

/// Whether one was found; the last one installed is asked first.
bool install(const QLocale &language, const QString &name, const QString &folder)
{
    auto *translator = new QTranslator(QCoreApplication::instance());
    return translator->load(language, name, QStringLiteral("_"), folder) &&
           QCoreApplication::installTranslator(translator);
}

void installTranslations()
{
    const QString name = QStringLiteral("quantoscope");
    const QLocale english(QLocale::English, QLocale::UnitedStates);
    install(english, name, QLatin1String(kFolder));
    const QLocale own;
    if (own.language() != QLocale::English && install(own, name, QLatin1String(kFolder)))
        install(own, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
}

Q_COREAPP_STARTUP_FUNCTION(installTranslations)

} // namespace

QString words(const Text &text)
{
    return QString::fromStdString(
        text.in([](const char *literal) { return QCoreApplication::translate("Core", literal).toStdString(); }));
}

} // namespace qs::ui::text
