// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that has to do with lessons.
#include "ui/actions/action_registry.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_panel.h"
#include "ui/window/lesson_papers.h"
#include "ui/window/main_window.h"

namespace qs::ui {

void MainWindow::addLessonPapers(const PageContext &context)
{
    new LessonPapers(context, page<LessonPanel>(QStringLiteral("lesson")), m_messages, this);
}

bool MainWindow::startLesson(const QString &name, std::size_t step)
{
    return page<LessonPanel>(QStringLiteral("lesson"))->startLesson(name, step);
}

bool MainWindow::knowsLesson(const QString &name)
{
    return lessonNamed(name).has_value();
}

QString MainWindow::ownLessonFolder()
{
    return ui::ownLessonFolder();
}

void MainWindow::present()
{
    if (!m_actions->action(QStringLiteral("view.present"))->isChecked())
        m_actions->trigger(QStringLiteral("view.present"));
}

} // namespace qs::ui
