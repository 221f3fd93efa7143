// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/lesson_files.h"

#include "ui/text/format.h"
#include "ui/text/translation.h"

#include <QDir>
#include <QFile>
#include <QLocale>
#include <QStandardPaths>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kPlainDigits = 4;
constexpr auto kExercises = QLatin1String("exercises");

// Papers want it in a language that need not be that of the window.
const LessonWords kBytes{"bytes", "字节"};

/// All that there are, and what is wrong with others.
struct Known {
    std::vector<LessonFile> files;
    QStringList problems;
};

Known readAll()
{
    Known known;
    const auto add = [&](const QString &folder, QStringList names) {
        names.sort();
        for (const QString &name : std::as_const(names)) {
            const QString path = folder + QLatin1Char('/') + name;
            auto lesson = readLesson(path);
            if (!lesson) {
                known.problems << text::words(lesson.error().sentence());
                continue;
            }
            // One of somebody else may have the id of one of ours.
            const bool isOurs = path.startsWith(QLatin1Char(':'));
            const QString id = QString::fromStdString(lesson->id);
            known.files.push_back({path, isOurs ? id : path, std::move(*lesson), isOurs && id == kExercises});
        }
    };
    QStringList ours = QDir(QStringLiteral(":/lessons")).entryList({QStringLiteral("*.json")});
    for (const char *other : {"glossary.json", "explanations.json"})
        ours.removeOne(QLatin1String(other));
    add(QStringLiteral(":/lessons"), ours);
    add(ownLessonFolder(), QDir(ownLessonFolder()).entryList({QStringLiteral("*.json")}, QDir::Files));
    return known;
}

std::string contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(qint64(LessonLimits::kBytes) + 1).toStdString() : std::string();
}

} // namespace

Result<Lesson> readLesson(const QString &path)
{
    if (!path.startsWith(QLatin1Char(':')))
        return loadLesson(path.toStdString());
    return lessonFromJson(contentOf(path), path.toStdString());
}

QString ownLessonFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/quantoscope/lessons");
}

namespace {

Known &known()
{
    static Known all = readAll();
    return all;
}

} // namespace

const std::vector<LessonFile> &lessonFiles()
{
    return known().files;
}

const QStringList &unreadableLessons()
{
    return known().problems;
}

void rereadLessons()
{
    known() = readAll();
}

Result<Lesson> lessonNamed(const QString &name)
{
    if (const LessonFile *file = findLesson(name))
        return file->lesson;
    return readLesson(name);
}

const LessonFile *findLesson(const QString &name)
{
    const auto &files = lessonFiles();
    const auto found = std::ranges::find_if(files, [&](const LessonFile &file) {
        return file.name == name || QString::fromStdString(file.lesson.id).compare(name, Qt::CaseInsensitive) == 0;
    });
    return found == files.end() ? nullptr : &*found;
}

const std::vector<GlossaryTerm> &glossary()
{
    static const std::vector<GlossaryTerm> terms =
        glossaryFromJson(contentOf(QStringLiteral(":/lessons/glossary.json")), "glossary.json")
            .value_or(std::vector<GlossaryTerm>());
    return terms;
}

const std::vector<Explanation> &explanations()
{
    static const std::vector<Explanation> entries =
        explanationsFromJson(contentOf(QStringLiteral(":/lessons/explanations.json")), "explanations.json")
            .value_or(std::vector<Explanation>());
    return entries;
}

const Explanation *findExplanation(const QString &id)
{
    const auto found = std::ranges::find(explanations(), id.toStdString(), &Explanation::id);
    return found == explanations().end() ? nullptr : &*found;
}

namespace {

QString shownAs(const std::string &form, double value)
{
    const auto whole = [value] { return static_cast<std::uint64_t>(std::max(value, 0.0)); };
    if (form == "integer")
        return text::integer(static_cast<std::int64_t>(value));
    if (form == "count")
        return text::count(whole());
    if (form == "bytes")
        return text::bytes(whole());
    if (form == "percent")
        return text::percent(std::optional(value), value == 0);
    if (form == "share")
        return text::percent(value);
    if (form == "accuracy")
        return text::accuracy(value);
    if (form == "decibel")
        return text::decibel(value);
    if (form == "times")
        return text::times(value);
    if (form == "scale")
        return text::scale(value);
    if (form == "result")
        return text::number(value, kResultDigits);
    return text::shortNumber(value, kPlainDigits);
}

} // namespace

QString shownTemplate(const std::string &text, const ExplainedPlace &place)
{
    QString shown;
    for (const TemplatePart &part : templateParts(text)) {
        shown += QString::fromStdString(part.before);
        if (part.name.empty())
            continue;
        const auto value = explainedValue(part.name, place);
        shown += value ? shownAs(part.form, *value) : text::notAvailable();
    }
    return shown;
}

LessonLanguage lessonLanguage()
{
    return text::languageLocale().language() == QLocale::Chinese ? LessonLanguage::Chinese : LessonLanguage::English;
}

QString wordsOf(const LessonWords &words, LessonLanguage language)
{
    return text::manyLines(words.in(language));
}

QString shownNumber(const LessonNumber &number, const std::optional<double> &value, LessonLanguage language)
{
    if (!value)
        return text::notAvailable();
    switch (number.form) {
    case NumberForm::Percent:
        return text::percent(*value);
    case NumberForm::Decibel:
        return text::decibel(value);
    case NumberForm::Bytes:
        return text::count(static_cast<std::uint64_t>(std::max(*value, 0.0))) + QLatin1Char(' ') +
               wordsOf(kBytes, language);
    case NumberForm::Size:
        return text::bytes(static_cast<std::uint64_t>(std::max(*value, 0.0)));
    case NumberForm::Integer:
    case NumberForm::Right:
        return text::integer(static_cast<std::int64_t>(*value));
    case NumberForm::Plain:
        break;
    }
    return text::shortNumber(*value, kPlainDigits);
}

QString withNumbers(QString text, const std::vector<LessonNumber> &numbers,
                    const std::vector<std::optional<double>> &values, LessonLanguage language)
{
    for (std::size_t i = 0; i < numbers.size(); ++i)
        text.replace(QStringLiteral("{%1}").arg(i),
                     i < values.size() ? shownNumber(numbers[i], values[i], language) : text::pending());
    return text;
}

} // namespace qs::ui
