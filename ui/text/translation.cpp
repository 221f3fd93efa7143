// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text/translation.h"

#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QLibraryInfo>
#include <QRegularExpression>
#include <QTranslator>

#include <algorithm>

namespace qs::ui::text {

namespace {

struct LanguageName {
    Q_DECLARE_TR_FUNCTIONS(LanguageName)
};

/// Each language translates it by its own name.
constexpr const char *kOwnName = QT_TRANSLATE_NOOP("LanguageName", "English");
constexpr const char *kFolder = ":/translations";
const QString kProgram = QStringLiteral("quantoscope");

/// Counts changes of any translator, be it ours or that of a test.
class ChangeCounter final : public QObject
{
public:
    using QObject::QObject;
    static inline int changes = 0;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (watched == parent() && event->type() == QEvent::LanguageChange)
            ++changes;
        return false;
    }
};

QList<QTranslator *> &installed()
{
    static QList<QTranslator *> list;
    return list;
}

QLocale &current()
{
    static QLocale locale;
    return locale;
}

/// Whether one was found; the last one installed is asked first.
bool install(const QLocale &language, const QString &name, const QString &folder)
{
    auto *translator = new QTranslator(QCoreApplication::instance());
    if (!translator->load(language, name, QStringLiteral("_"), folder) ||
        !QCoreApplication::installTranslator(translator)) {
        delete translator;
        return false;
    }
    installed() << translator;
    return true;
}

void startWithSystem()
{
    QCoreApplication *application = QCoreApplication::instance();
    application->installEventFilter(new ChangeCounter(application));
    // Translators belong to the application, which may be one of several in a row.
    installed().clear();
    setLanguage({});
}

Q_COREAPP_STARTUP_FUNCTION(startWithSystem)

} // namespace

QString words(const Text &text)
{
    return QString::fromStdString(
        text.in([](const char *literal) { return QCoreApplication::translate("Core", literal).toStdString(); }));
}

QList<Language> languages()
{
    QList<Language> found;
    for (const QString &file : QDir(QLatin1String(kFolder)).entryList({kProgram + QStringLiteral("_*.qm")})) {
        Language language{file.section(u'.', 0, 0).mid(kProgram.size() + 1), {}};
        QTranslator translator;
        if (translator.load(file, QLatin1String(kFolder)))
            language.title = translator.translate("LanguageName", kOwnName);
        if (language.title.isEmpty()) // that of English holds plural forms alone
            language.title = QLatin1String(kOwnName);
        found << language;
    }
    return found;
}

void setLanguage(const QString &name)
{
    const QList<QTranslator *> before = installed();
    installed().clear();
    const QLocale english(QLocale::English, QLocale::UnitedStates);
    const QLocale wanted = name.isEmpty() ? QLocale() : QLocale(name);
    current() = english;
    install(english, kProgram, QLatin1String(kFolder));
    if (wanted.language() != QLocale::English && install(wanted, kProgram, QLatin1String(kFolder))) {
        current() = wanted;
        install(wanted, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    }
    qDeleteAll(before); // takes them off as well
}

QLocale languageLocale()
{
    return current();
}

int languageChanges()
{
    return ChangeCounter::changes;
}

bool canBeShown(const Language &language)
{
    const QFontMetrics metrics(QGuiApplication::font());
    return std::ranges::all_of(language.title, [&](QChar letter) { return metrics.inFont(letter); });
}

QString withoutLetter(const QString &text)
{
    static const QRegularExpression kLetter(QStringLiteral(R"(\s*\(&\w\)|&(?=\w))"));
    return QString(text).remove(kLetter);
}

} // namespace qs::ui::text
