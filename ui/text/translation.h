// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the program: the only place that looks up what core says.
#pragma once

#include "core/base/text.h"

#include <QList>
#include <QLocale>
#include <QString>

namespace qs::ui::text {

/// What core says, in the language of the program.
QString words(const Text &text);

/// A language of resources/translations.
struct Language {
    QString name;  ///< "zh_CN"
    QString title; ///< as those who speak it write it: "简体中文"
};

/// In the order of their names.
QList<Language> languages();
/// The language of the program from now on, by its name; an empty one means that of the system, or English when there
/// are no texts in that. An application object begins with the language of the system. Windows follow by
/// QEvent::LanguageChange.
void setLanguage(const QString &name);
/// That in force, for the signs of numbers.
QLocale languageLocale();
/// Goes up whenever texts may have changed, for whoever keeps some.
int languageChanges();
/// Whether the fonts have its characters. Needs the application object of a program with windows.
bool canBeShown(const Language &language);

/// What an action or a page is called where no letter chooses it: "&Open …" and "打开(&O)…" without the "&" and "(&O)".
QString withoutLetter(const QString &text);

} // namespace qs::ui::text
