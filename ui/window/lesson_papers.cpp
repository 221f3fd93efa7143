// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/lesson_papers.h"

#include "core/base/atomic_file.h"
#include "core/formats/model_location.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_panel.h"
#include "ui/pages/lesson/lesson_paper.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"
#include "ui/widgets/file_chooser.h"
#include "ui/widgets/message_bar.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QUrl>
#include <QWidget>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr auto kJob = "lessonPapers";
constexpr int kLook = 100; // between two looks at how many slides there are, in milliseconds

/// A folder that is not there yet: slides of another time stay.
QString newFolder(const QString &parent, const QString &name)
{
    QString path = QDir(parent).filePath(name);
    for (int i = 2; QFileInfo::exists(path); ++i)
        path = QDir(parent).filePath(QStringLiteral("%1-%2").arg(name).arg(i));
    return path;
}

/// What a program has said last, without the word in front that tells it from results.
std::string complaint(QProcess &process)
{
    const QString said = QString::fromUtf8(process.readAllStandardError()).trimmed().section(QLatin1Char('\n'), -1);
    const QString word = QStringLiteral("error: ");
    const QString sentence = said.startsWith(word) ? said.mid(word.size()) : said;
    return (sentence.isEmpty() ? process.errorString() : sentence).toStdString();
}

/// What files of a lesson are called: its id may hold signs that lead to other folders.
QString fileNameOf(const Lesson &lesson)
{
    QString name = QString::fromStdString(lesson.id).replace(QLatin1Char('/'), QLatin1Char('-'));
    return name.startsWith(QLatin1Char('.')) ? QLatin1Char('_') + name : name;
}

/// A name of letters, digits and a few signs that stands for a file.
std::string idOf(const QString &path)
{
    QString id = QFileInfo(path).completeBaseName();
    if (const QLatin1String kind(".lesson"); id.endsWith(kind)) // of ".lesson.json", by which desktops know lessons
        id.chop(kind.size());
    static const QRegularExpression others(QStringLiteral("[^A-Za-z0-9._-]+"));
    id.replace(others, QStringLiteral("-"));
    return id.isEmpty() || id == QLatin1String("-") ? std::string("own") : id.toStdString();
}

/// The lesson in that file, or a new one, with one more step. Error{Input}: the file holds something else.
Result<Lesson> withStep(const QString &path, LessonStep step)
{
    Lesson lesson;
    if (QFileInfo::exists(path)) {
        QS_ASSIGN(lesson, readLesson(path));
    } else {
        lesson.id = idOf(path);
        lesson.title.english = lesson.id;
    }
    lesson.steps.push_back(std::move(step));
    QS_CHECK(lessonFromJson(toJson(lesson), path.toStdString())); // what cannot be read again is not written
    return lesson;
}

struct Slides {
    QString program;
    QString lesson;
    QString language;
    QString folder;
    std::size_t steps = 0;
};

/// All of them, or no folder.
Result<void> makeSlides(const Slides &wanted, const TaskContext &context)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen")); // nobody is to see it work
    process.setProcessEnvironment(environment);
    process.start(wanted.program, {QStringLiteral("--lesson"), wanted.lesson, QStringLiteral("--export-steps"),
                                   wanted.folder, QStringLiteral("--language"), wanted.language});
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(kLook)) {
        if (context.cancelled())
            process.kill();
        const auto made =
            static_cast<std::size_t>(QDir(wanted.folder).entryList({QStringLiteral("*.png")}, QDir::Files).size());
        context.report(static_cast<double>(made) / static_cast<double>(wanted.steps),
                       Text::of("slide {} of {}", std::min(made + 1, wanted.steps), wanted.steps));
    }
    const bool isDone = process.error() == QProcess::UnknownError || process.error() == QProcess::Timedout;
    if (isDone && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return {};
    QDir(wanted.folder).removeRecursively();
    QS_CHECK(context.check());
    return fail(ErrorCode::Work, Text::of("the slides cannot be made: {}", complaint(process)),
                wanted.folder.toStdString());
}

} // namespace

LessonPapers::LessonPapers(const PageContext &context, LessonPanel *panel, MessageBar *messages, QWidget *window)
    : QObject(window)
    , m_context(context)
    , m_panel(panel)
    , m_messages(messages)
    , m_window(window)
    , m_program(QCoreApplication::applicationFilePath())
{
    setObjectName(QStringLiteral("lessonPapers"));
    addActions(*context.actions);
}

void LessonPapers::addActions(ActionRegistry &actions)
{
    const auto isRunning = [this] { return m_panel->run().isRunning(); };
    actions.add({.id = QStringLiteral("learn.record"),
                 .text = tr("&Record step…"),
                 .tip = tr("Add the present state to a lesson file"),
                 .work = [this] { record(); },
                 .enabledWhen = [this] { return m_context.setup->model() != nullptr; }});
    actions.add({.id = QStringLiteral("learn.handOut"),
                 .text = tr("&Hand-out…"),
                 .tip = tr("The lesson on paper, with the formulas of the present preset"),
                 .work = [this] { chooseHandOut(false); },
                 .enabledWhen = isRunning});
    actions.add({.id = QStringLiteral("learn.answers"),
                 .text = tr("Hand-out with &answers…"),
                 .tip = tr("The lesson on paper for the lecturer, with what is measured"),
                 .work = [this] { chooseHandOut(true); },
                 .enabledWhen = isRunning});
    actions.add({.id = QStringLiteral("learn.bothLanguages"),
                 .text = tr("Han&d-outs in both languages"),
                 .tip = tr("English and Chinese beside each other on paper"),
                 .work = [this] { m_inBothLanguages = !m_inBothLanguages; },
                 .enabledWhen = isRunning,
                 .checkedWhen = [this] { return m_inBothLanguages; }});
    actions.add({.id = QStringLiteral("learn.slides"),
                 .text = tr("Sl&ides…"),
                 .tip = tr("All steps as pictures (PNG and SVG) and as one PDF, in a new folder"),
                 .work = [this] { chooseSlides(); },
                 .enabledWhen = isRunning});
}

/// Beside the model, where a lesson finds it; those of the program are found everywhere.
QString LessonPapers::proposedFile() const
{
    const QString location = m_context.setup->document().location();
    const bool isDemo = ModelLocation::parse(location.toStdString()).isDemo();
    const QString folder = isDemo ? ownLessonFolder() : QFileInfo(location).absolutePath();
    if (isDemo)
        QDir().mkpath(folder);
    return QDir(folder).filePath(QStringLiteral("own.lesson.json"));
}

/// Adds to a lesson that is there already; begins a new one otherwise.
void LessonPapers::record()
{
    const QString path = m_context.chooser->fileToSave(m_window, tr("Add the present state to a lesson, or begin one"),
                                                       proposedFile(), tr("Lessons (*.json)"));
    if (path.isEmpty())
        return;
    const auto lesson = withStep(path, m_panel->run().recorded());
    const std::string text = lesson ? toJson(*lesson) : std::string();
    const auto written =
        !lesson ? Result<void>(std::unexpected(lesson.error())) : writeWholeFile(path.toStdString(), text, true);
    if (!written) {
        m_messages->show(MessageBar::Kind::Error, text::words(written.error().sentence()));
        return;
    }
    m_panel->lessonsChanged();
    QString said = tr("Step %1 is in %2. Its words are to be written there, with an editor.")
                       .arg(lesson->steps.size())
                       .arg(QFileInfo(path).fileName());
    const QString model = QString::fromStdString(lesson->steps.back().model);
    if (!ModelLocation::parse(model.toStdString()).isDemo() &&
        !QFileInfo::exists(QFileInfo(path).absoluteDir().filePath(model)))
        said = tr("Step %1 is in %2. Put %3 into the same folder: a lesson finds its model beside itself.")
                   .arg(lesson->steps.size())
                   .arg(QFileInfo(path).fileName(), text::oneLine(model.toStdString()));
    m_messages->show(MessageBar::Kind::Good, said,
                     {{tr("Begin the lesson"), [this, path] { m_panel->openLesson(path); }},
                      {tr("Edit it"), [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); }, false}});
}

void LessonPapers::chooseHandOut(bool withAnswers)
{
    const Lesson &lesson = m_panel->run().lesson();
    const QString name = fileNameOf(lesson) + (withAnswers ? tr("-answers") : QString());
    const QString proposal = QDir(m_context.settings->data().lastFolder).filePath(name + QStringLiteral(".pdf"));
    const QString path =
        m_context.chooser->fileToSave(m_window, tr("Save the hand-out"), proposal, tr("Paper (*.pdf *.html)"));
    if (path.isEmpty())
        return;
    m_context.settings->setLastFolderOf(path);
    std::vector<LessonLanguage> languages{lessonLanguage()};
    if (m_inBothLanguages)
        languages = {LessonLanguage::English, LessonLanguage::Chinese};
    const HandOut wanted{
        .languages = languages, .answers = withAnswers, .convention = m_context.setup->recipe().scheme.convention};
    m_context.setup->document().tasks().run(
        {QLatin1String(kJob), tr("Writing the hand-out …"), JobRank::Writing}, this,
        [path, lesson, wanted](const TaskContext &context) { return writeHandOut(path, lesson, wanted, context); },
        [this, path](const Result<void> &written) { told(path, written); });
}

void LessonPapers::chooseSlides()
{
    const Lesson &lesson = m_panel->run().lesson();
    const QString parent = m_context.chooser->folderToOpen(m_window, tr("Folder that gets the folder of slides"),
                                                           m_context.settings->data().lastFolder);
    if (parent.isEmpty())
        return;
    const QString id = QString::fromStdString(lesson.id);
    const Slides wanted{.program = m_program,
                        .lesson = lesson.file.empty() ? id : QString::fromStdString(lesson.file.string()),
                        .language = lessonLanguage() == LessonLanguage::Chinese ? QStringLiteral("zh_CN")
                                                                                : QStringLiteral("en"),
                        .folder = newFolder(parent, fileNameOf(lesson) + QStringLiteral("-slides")),
                        .steps = lesson.steps.size()};
    m_context.setup->document().tasks().run(
        {QLatin1String(kJob), tr("Drawing the slides …"), JobRank::Writing}, this,
        [wanted](const TaskContext &context) { return makeSlides(wanted, context); },
        [this, wanted](const Result<void> &written) { told(wanted.folder, written); });
}

void LessonPapers::told(const QString &path, const Result<void> &written)
{
    if (written)
        m_messages->show(MessageBar::Kind::Good, tr("Saved %1.").arg(QFileInfo(path).fileName()),
                         {{tr("Open it"), [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); }}});
    else if (written.error().code != ErrorCode::Cancelled)
        m_messages->show(MessageBar::Kind::Error, text::words(written.error().sentence()));
}

} // namespace qs::ui
