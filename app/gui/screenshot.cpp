// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/screenshot.h"

#include "ui/document/document.h"
#include "ui/pages/lesson/lesson_panel.h"
#include "ui/window/main_window.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>
#include <memory>
#include <utility>

namespace qs::app {

namespace {

/// Plots repaint queued, and the status line waits a moment before it says "Ready".
constexpr int kSettleTime = 150;

/// Views follow after the results: what was complete the last time, too, is on the screen.
class Picture : public QObject
{
public:
    Picture(ui::MainWindow &window, ui::Document &document, const Arguments &arguments)
        : QObject(&window)
        , m_window(window)
        , m_document(document)
        , m_arguments(arguments)
    {
        m_timer.setInterval(kSettleTime);
        connect(&m_timer, &QTimer::timeout, this, [this] { look(); });
    }

    /// Whatever comes last, the result or its distribution, starts the clock anew.
    void settle()
    {
        m_looks = 0;
        m_timer.start();
    }

private:
    bool isComplete() const
    {
        // The start page has pictures of the demo models, which are made in the background.
        if (m_arguments.lesson.isEmpty() && m_arguments.model.isEmpty())
            return !m_document.tasks().foremost();
        ui::Setup &setup = *m_document.setups().front();
        auto *lesson = m_window.findChild<ui::LessonPanel *>(QStringLiteral("lesson"));
        const bool waits = !m_arguments.lesson.isEmpty() && lesson && !lesson->run().values();
        return !waits && setup.analysis() != ui::Setup::Analysis::Running && !setup.distribution().isPending() &&
               !m_document.sideB().isPending() && !m_document.tasks().foremost();
    }

    void look()
    {
        m_looks = isComplete() ? m_looks + 1 : 0;
        if (m_looks < 2)
            return;
        m_timer.stop();
        if (m_window.grab().save(m_arguments.screenshot, "PNG")) {
            QCoreApplication::exit(0);
            return;
        }
        printError(QStringLiteral("the picture cannot be written (%1)").arg(m_arguments.screenshot));
        QCoreApplication::exit(kExitWork);
    }

    ui::MainWindow &m_window;
    ui::Document &m_document;
    const Arguments m_arguments;
    QTimer m_timer;
    int m_looks = 0; ///< in a row at which everything was complete
};

} // namespace

void printError(const QString &message)
{
    std::fprintf(stderr, "error: %s\n", qUtf8Printable(message));
}

void takeScreenshot(ui::MainWindow &window, ui::Document &document, const Arguments &arguments)
{
    // What a lesson cannot open, its numbers cannot be found out of either: said once.
    const auto end = [said = std::make_shared<bool>(false)](const QString &sentence) {
        if (!std::exchange(*said, true))
            printError(sentence);
        QCoreApplication::exit(kExitInput);
    };
    QObject::connect(&document, &ui::Document::openFailed, &window,
                     [end](const ui::OpenProblem &problem) { end(QString::fromStdString(problem.error.text())); });
    ui::Setup *setup = document.setups().front();
    QObject::connect(setup, &ui::Setup::analysisFailed, &window, end);
    QObject::connect(&document.sideB(), &ui::SideB::failed, &window, end);
    auto *picture = new Picture(window, document, arguments);
    QObject::connect(setup, &ui::Setup::changed, picture, [picture, setup, &document] {
        if (setup->analysis() == ui::Setup::Analysis::Done && !document.sideB().isPending())
            picture->settle();
    });
    if (!arguments.lesson.isEmpty()) {
        auto *lesson = window.findChild<ui::LessonPanel *>(QStringLiteral("lesson"));
        QObject::connect(&lesson->run(), &ui::LessonRun::failed, &window, end);
        window.startLesson(arguments.lesson, arguments.step);
        if (arguments.presentation)
            window.present();
        return;
    }
    if (arguments.model.isEmpty())
        picture->settle();
    else
        window.openModel(arguments.model);
}

} // namespace qs::app
