// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/lesson_panel.h"

#include "ui/actions/action_registry.h"
#include "ui/document/setup.h"
#include "ui/pages/lesson/glossary_dialog.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_paper.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/widgets/file_chooser.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QSaveFile>

namespace qs::ui {

namespace {

/// Steps of a lesson that somebody has been to.
int furthestStep(const Settings &settings, const Lesson &lesson)
{
    const QString id = QString::fromStdString(lesson.id) + QLatin1Char('=');
    for (const QString &entry : settings.data().lessonSteps)
        if (entry.startsWith(id))
            return entry.mid(id.size()).toInt();
    return 0;
}

} // namespace

void LessonPanel::addActions(ActionRegistry &actions)
{
    const auto isRunning = [this] { return m_run->isRunning(); };
    actions.add({.id = QStringLiteral("lesson.forward"),
                 .text = tr("&Next step"),
                 .tip = tr("The answer, then the next step"),
                 .keys = {Qt::Key_PageDown},
                 .work = [this] { m_run->forward(); },
                 .enabledWhen = isRunning});
    actions.add({.id = QStringLiteral("lesson.back"),
                 .text = tr("Step &back"),
                 .tip = tr("The step before"),
                 .keys = {Qt::Key_PageUp},
                 .work = [this] { m_run->back(); },
                 .enabledWhen = isRunning});
    actions.add({.id = QStringLiteral("lesson.free"),
                 .text = tr("Let me &try"),
                 .tip = tr("Leave the window to the class, and back"),
                 .work =
                     [this] {
                         if (m_run->isFree())
                             m_run->backToLesson();
                         else
                             m_run->tryFreely();
                     },
                 .enabledWhen = isRunning,
                 .checkedWhen = [this] { return m_run->isFree(); }});
    actions.add({.id = QStringLiteral("lesson.leave"),
                 .text = tr("&Leave the lesson"),
                 .tip = tr("The window as it was before"),
                 .work = [this] { m_run->leave(); },
                 .enabledWhen = isRunning});
}

void LessonPanel::addMenus(ActionRegistry &actions)
{
    actions.add({.id = QStringLiteral("learn.lessons"),
                 .text = tr("L&essons"),
                 .tip = tr("Lessons, with how far you got"),
                 .fill = [this](QMenu *menu) {
                     for (const LessonFile &file : lessonFiles()) {
                         if (file.isExercises)
                             continue;
                         const QString id = QString::fromStdString(file.lesson.id);
                         const QString title = tr("%1  %2 (%3 of %4)")
                                                   .arg(id, wordsOf(file.lesson.title))
                                                   .arg(furthestStep(*m_context.settings, file.lesson))
                                                   .arg(file.lesson.steps.size());
                         menu->addAction(text::buttonText(title, 80), this, [this, id] { startLesson(id); });
                     }
                 }});
    actions.add({.id = QStringLiteral("learn.exercises"),
                 .text = tr("E&xercises"),
                 .tip = tr("Questions with answers that are checked"),
                 .work = [this] { startLesson(QStringLiteral("exercises")); }});
    actions.add({.id = QStringLiteral("learn.glossary"),
                 .text = tr("&Glossary"),
                 .tip = tr("Terms in English and Chinese"),
                 .work = [this] { showGlossary(); }});
    actions.add({.id = QStringLiteral("learn.open"),
                 .text = tr("&Open a lesson…"),
                 .tip = tr("A lesson file of your own"),
                 .work = [this] { openFile(); }});
    actions.add({.id = QStringLiteral("learn.handOut"),
                 .text = tr("&Hand-out…"),
                 .tip = tr("The lesson on paper, with the formulas of the present preset"),
                 .work = [this] { saveHandOut(); },
                 .enabledWhen = [this] { return m_run->isRunning(); }});
    actions.add({.id = QStringLiteral("learn.record"),
                 .text = tr("&Record step…"),
                 .tip = tr("Add the present state to a lesson file"),
                 .work = [this] { recordStep(); },
                 .enabledWhen = [this] { return m_context.setup->model() != nullptr; }});
}

void LessonPanel::showGlossary(const QString &term)
{
    auto *dialog = new GlossaryDialog(window());
    dialog->search()->setText(term);
    connect(dialog, &GlossaryDialog::lessonWanted, this, [this](const QString &id) { startLesson(id); });
    dialog->show();
}

void LessonPanel::openFile()
{
    const QString path =
        m_context.chooser->fileToOpen(window(), tr("Open a lesson"), ownLessonFolder(), tr("Lessons (*.json)"));
    if (!path.isEmpty())
        openLesson(path);
}

/// For a class; with answers the command line writes it.
void LessonPanel::saveHandOut()
{
    const QString proposal = m_context.settings->data().lastFolder + QLatin1Char('/') +
                             QString::fromStdString(m_run->lesson().id) + QStringLiteral(".pdf");
    const QString path =
        m_context.chooser->fileToSave(window(), tr("Save the hand-out"), proposal, tr("Paper (*.pdf *.html)"));
    if (path.isEmpty())
        return;
    m_context.settings->setLastFolderOf(path);
    const HandOut wanted{
        .languages = {lessonLanguage()}, .answers = false, .convention = m_context.setup->recipe().scheme.convention};
    if (const auto written = writeHandOut(path, m_run->lesson(), wanted, {}); !written)
        showProblem(text::words(written.error().sentence()));
}

/// Adds to a lesson that is there already; begins a new one otherwise.
void LessonPanel::recordStep()
{
    const QString path =
        m_context.chooser->fileToSave(window(), tr("Record this state as a step"),
                                      ownLessonFolder() + QStringLiteral("/own.lesson.json"), tr("Lessons (*.json)"));
    if (path.isEmpty())
        return;
    Lesson lesson;
    QString id = QFileInfo(path).completeBaseName().replace(QLatin1Char(' '), QLatin1Char('-'));
    if (const QLatin1String kind(".lesson"); id.endsWith(kind)) // of ".lesson.json", by which desktops know lessons
        id.chop(kind.size());
    lesson.id = id.toStdString();
    lesson.title.english = lesson.id;
    if (QFileInfo::exists(path)) {
        auto known = readLesson(path);
        if (!known) {
            showProblem(text::words(known.error().sentence()));
            return;
        }
        lesson = std::move(*known);
    }
    lesson.steps.push_back(m_run->recorded());
    const std::string text = toJson(lesson);
    QSaveFile file(path);
    const auto size = static_cast<qint64>(text.size());
    if (!lessonFromJson(text, path.toStdString()) || !file.open(QIODevice::WriteOnly) ||
        file.write(text.data(), size) != size || !file.commit())
        showProblem(tr("The lesson cannot be written: %1").arg(path));
}

} // namespace qs::ui
