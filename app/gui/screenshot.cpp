// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/screenshot.h"

#include "ui/document/document.h"
#include "ui/window/main_window.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

namespace qs::app {

namespace {

/// Plots repaint queued, and the status line waits a moment before it says "Ready".
constexpr int kSettleTime = 250;

void save(ui::MainWindow &window, const Arguments &arguments)
{
    // On a busy machine the last results may have come in this very turn: layouts and plots follow in the next ones.
    for (int turn = 0; turn < 3; ++turn)
        QCoreApplication::processEvents();
    if (!window.grab().save(arguments.screenshot, "PNG")) {
        printError(QStringLiteral("the picture cannot be written (%1)").arg(arguments.screenshot));
        QCoreApplication::exit(kExitWork);
        return;
    }
    QCoreApplication::exit(0);
}

void draw(ui::MainWindow &window, ui::Document &document, const Arguments &arguments)
{
    ui::Setup &setup = *document.setups().front();
    if (setup.analysis() != ui::Setup::Analysis::Running && !setup.distribution().isPending() &&
        !setup.budget().isMeasuring() && !document.sideB().isPending())
        save(window, arguments);
}

/// What the program shows without a model, with the pictures of the demo models, which are made in the background.
void takeStartPage(ui::MainWindow &window, ui::Document &document, const Arguments &arguments)
{
    auto *settled = new QTimer(&window);
    settled->setInterval(2 * kSettleTime);
    QObject::connect(settled, &QTimer::timeout, &window, [&window, &document, arguments] {
        if (!document.tasks().foremost())
            save(window, arguments);
    });
    settled->start();
}

} // namespace

void printError(const QString &message)
{
    std::fprintf(stderr, "error: %s\n", qUtf8Printable(message));
}

void takeScreenshot(ui::MainWindow &window, ui::Document &document, const Arguments &arguments)
{
    const auto end = [](const QString &sentence) {
        printError(sentence);
        QCoreApplication::exit(kExitInput);
    };
    QObject::connect(&document, &ui::Document::openFailed, &window,
                     [end](const ui::OpenProblem &problem) { end(QString::fromStdString(problem.error.text())); });
    ui::Setup *setup = document.setups().front();
    QObject::connect(setup, &ui::Setup::analysisFailed, &window, end);
    QObject::connect(&document.sideB(), &ui::SideB::failed, &window, end);
    auto *settled = new QTimer(&window);
    settled->setSingleShot(true);
    settled->setInterval(kSettleTime);
    QObject::connect(settled, &QTimer::timeout, &window,
                     [&window, &document, arguments] { draw(window, document, arguments); });
    // Whatever comes last, the result or its distribution, starts the clock anew.
    QObject::connect(setup, &ui::Setup::changed, settled, [settled, setup, &document] {
        if (setup->analysis() == ui::Setup::Analysis::Done && !document.sideB().isPending())
            settled->start();
    });
    if (!arguments.lesson.isEmpty()) {
        window.startLesson(arguments.lesson, arguments.step);
        if (arguments.presentation)
            window.present();
        return;
    }
    if (arguments.model.isEmpty())
        takeStartPage(window, document, arguments);
    else
        window.openModel(arguments.model);
}

} // namespace qs::app
