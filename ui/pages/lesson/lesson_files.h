// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The lessons that there are: those of the program, and those in the user's own folder.
#pragma once

#include "core/lessons/explanation.h"
#include "core/lessons/glossary.h"
#include "core/lessons/lesson.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace qs::ui {

struct LessonFile {
    QString path; ///< ":/lessons/L1.json", or of a file
    QString name; ///< that findLesson() knows it by, whatever other lessons there are
    Lesson lesson;
    bool isExercises = false;
};

/// Those of the program in their order, the exercises last, then those in ownLessonFolder() that can be read.
const std::vector<LessonFile> &lessonFiles();
/// Reads one of either kind.
Result<Lesson> readLesson(const QString &path);
/// Where a user's lessons lie; need not exist.
QString ownLessonFolder();
/// Of files in ownLessonFolder() that cannot be read: what is wrong with each, in a sentence.
const QStringList &unreadableLessons();
/// Reads those of the user anew; what lessonFiles() gave before is gone.
void rereadLessons();
/// By Lesson::id, any case, or by its path; null for unknown ones.
const LessonFile *findLesson(const QString &name);
/// The same, or any file of that name.
Result<Lesson> lessonNamed(const QString &name);
const std::vector<GlossaryTerm> &glossary();
const std::vector<Explanation> &explanations();
/// By Explanation::id; null for unknown ones.
const Explanation *findExplanation(const QString &id);
/// A template of an explanation with its numbers as the window shows them; "n/a" where one does not exist.
QString shownTemplate(const std::string &text, const ExplainedPlace &place);

/// The language of lessons: that of the program.
LessonLanguage lessonLanguage();
QString wordsOf(const LessonWords &words, LessonLanguage language = lessonLanguage());
/// A number as a step shows it; "n/a" when it does not exist.
QString shownNumber(const LessonNumber &number, const std::optional<double> &value,
                    LessonLanguage language = lessonLanguage());
/// `text`, which is in that language, with its places filled in.
QString withNumbers(QString text, const std::vector<LessonNumber> &numbers,
                    const std::vector<std::optional<double>> &values, LessonLanguage language = lessonLanguage());

} // namespace qs::ui
