// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The program with the window.
#include "app/gui/arguments.h"
#include "app/gui/lesson_export.h"
#include "app/gui/screenshot.h"
#include "core/version.h"
#include "ui/document/document.h"
#include "ui/settings/settings.h"
#include "ui/widgets/file_chooser.h"
#include "ui/window/application.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace {

using namespace qs;

/// The offscreen platform says the first once per window, systems without a session the second; both mean nothing here.
constexpr const char *kHarmless[] = {"This plugin does not support propagateSizeHints()",
                                     "QStandardPaths: XDG_RUNTIME_DIR not set"};

void printMessage(QtMsgType, const QMessageLogContext &, const QString &message)
{
    const auto begins = [&](const char *text) { return message.startsWith(QLatin1String(text)); };
    if (std::ranges::none_of(kHarmless, begins))
        std::fprintf(stderr, "%s\n", qUtf8Printable(message));
}

bool hasDisplay()
{
    for (const char *name : {"QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"})
        if (!qEnvironmentVariableIsEmpty(name))
            return true;
    return false;
}

void printVersion()
{
    std::printf("quantoscope %s\ninstruction set %s\nQt %s\n", kVersion, instructionSet().c_str(), qVersion());
    for (const std::string &library : libraryVersions())
        std::printf("%s\n", library.c_str());
}

/// Everything that needs no window; nothing: go on.
std::optional<int> answerWithoutWindow(const app::Arguments &arguments)
{
    if (!arguments.problem.isEmpty()) {
        app::printError(arguments.problem);
        return app::kExitUsage;
    }
    if (arguments.help) {
        std::fputs(qUtf8Printable(app::helpText()), stdout);
        return 0;
    }
    if (const std::string problem = instructionSetProblem(); !problem.empty()) {
        app::printError(QString::fromStdString(problem));
        return app::kExitUsage;
    }
    if (arguments.version) {
        printVersion();
        return 0;
    }
    if (!hasDisplay()) {
        app::printError(QStringLiteral("there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not "
                                       "set); use quantoscope-cli, or --screenshot with QT_QPA_PLATFORM=offscreen"));
        return app::kExitWork;
    }
    return std::nullopt;
}

/// Shows the window with what it was asked for, or draws it.
void begin(ui::MainWindow &window, ui::Document &document, const app::Arguments &arguments)
{
    if (!arguments.steps.isEmpty()) {
        window.setDefaultSize(arguments.size.value_or(QSize(1920, 1080)));
        window.show();
        app::exportSteps(window, document, arguments);
    } else if (!arguments.screenshot.isEmpty()) {
        window.setDefaultSize(arguments.size.value_or(QSize(1440, 900)));
        window.show();
        app::takeScreenshot(window, document, arguments);
    } else {
        window.show();
        if (!arguments.lesson.isEmpty())
            window.startLesson(arguments.lesson, arguments.step);
        else if (!arguments.model.isEmpty())
            window.openFile(arguments.model);
        if (arguments.presentation) // with the panels that a lesson needs
            window.present();
    }
}

} // namespace

int main(int argc, char *argv[])
{
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words << QString::fromLocal8Bit(argv[i]);
    const app::Arguments arguments = app::parseArguments(words);
    if (const auto code = answerWithoutWindow(arguments))
        return *code;

    qInstallMessageHandler(printMessage);
    ui::prepareApplication();
    // Qt gets the program's name only: its own options are not ours.
    int count = 1;
    QApplication application(count, argv);
    if (const QString problem = ui::missingImagePlugin(); !problem.isEmpty())
        qWarning("%s", qUtf8Printable(problem));
    const bool screenshot = !arguments.screenshot.isEmpty() || !arguments.steps.isEmpty();
    // A picture depends on nobody's settings, and changes none. A window has no such folder: killed, it would leave it.
    std::optional<QTemporaryDir> nowhere;
    if (screenshot)
        nowhere.emplace();
    ui::Settings settings(nowhere ? nowhere->filePath(QStringLiteral("settings.ini")) : QString());
    const ui::ThemeChoice own = screenshot ? ui::ThemeChoice::Light : settings.data().theme;
    QGuiApplication::setDesktopFileName(QStringLiteral(QUANTOSCOPE_APP_ID)); // Wayland finds icon and launcher by it
    ui::setUpApplication(application, arguments.theme.value_or(own));
    const QString ownLanguage = screenshot ? QStringLiteral("en") : settings.data().language;
    if (const QString problem = ui::chooseLanguage(arguments.language.value_or(ownLanguage)); !problem.isEmpty())
        qWarning("%s", qUtf8Printable(problem));

    // The window asks its document for data until it is gone itself: the document outlives it.
    ui::Document document;
    ui::DialogFileChooser chooser;
    ui::MainWindow window(&document, &settings, &chooser);
    if (!arguments.tab.isEmpty() && !window.showTab(arguments.tab)) {
        app::printError(QStringLiteral("'%1' is no tab, expected %2").arg(arguments.tab, app::tabNames()));
        return app::kExitUsage;
    }
    if (!arguments.lesson.isEmpty() && !window.knowsLesson(arguments.lesson))
        return app::refuseLesson(arguments.lesson);
    if (!arguments.compared.isEmpty())
        window.compareWithNext(arguments.compared);
    if (!arguments.handOut.isEmpty())
        return app::writeHandOut(arguments);
    begin(window, document, arguments);
    return QApplication::exec();
}
