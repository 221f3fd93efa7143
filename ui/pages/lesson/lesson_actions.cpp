// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/lesson_panel.h"

#include "ui/actions/action_registry.h"
#include "ui/document/setup.h"
#include "ui/pages/lesson/glossary_dialog.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/widgets/file_chooser.h"

#include <QLineEdit>
#include <QMenu>

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
                         menu->addAction(text::buttonText(title, 80), this,
                                         [this, name = file.name] { startLesson(name); });
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

} // namespace qs::ui
