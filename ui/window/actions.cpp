// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/actions.h"

#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/plots/plot_actions.h"
#include "ui/plots/plot_panel.h"
#include "ui/settings/settings.h"
#include "ui/text/translation.h"
#include "ui/widgets/message_bar.h"
#include "ui/window/help_dialogs.h"
#include "ui/window/status_line.h"

#include <QAction>
#include <QCoreApplication>
#include <QMainWindow>

namespace qs::ui {

namespace {

struct WindowActions {
    Q_DECLARE_TR_FUNCTIONS(WindowActions)
};

void addUndo(ActionRegistry &actions, QUndoStack &stack)
{
    actions.add({.id = QStringLiteral("edit.undo"),
                 .text = WindowActions::tr("&Undo"),
                 .tip = WindowActions::tr("Take the last change back"),
                 .icon = QStringLiteral("undo"),
                 .keys = {QKeySequence::Undo}},
                stack.createUndoAction(&actions, WindowActions::tr("&Undo")));
    actions.add({.id = QStringLiteral("edit.redo"),
                 .text = WindowActions::tr("&Redo"),
                 .tip = WindowActions::tr("Make the change again that was taken back"),
                 .icon = QStringLiteral("redo"),
                 .keys = {QKeySequence(WindowActions::tr("Ctrl+Shift+Z"))}},
                stack.createRedoAction(&actions, WindowActions::tr("&Redo")));
}

void setTheme(Settings &settings, ThemeChoice choice)
{
    ThemeManager::instance().setChoice(choice);
    SettingsData changed = settings.data();
    changed.theme = choice;
    settings.set(changed);
}

void addThemes(ActionRegistry &actions, Settings *settings)
{
    const auto add = [&](const QString &id, const QString &text, const QString &tip, ThemeChoice choice) {
        actions.add({.id = id,
                     .text = text,
                     .tip = tip,
                     .work = [settings, choice] { setTheme(*settings, choice); },
                     .checkedWhen = [choice] { return ThemeManager::instance().choice() == choice; }});
    };
    add(QStringLiteral("theme.light"), WindowActions::tr("&Light"), WindowActions::tr("Dark text on light ground"),
        ThemeChoice::Light);
    add(QStringLiteral("theme.dark"), WindowActions::tr("&Dark"), WindowActions::tr("Light text on dark ground"),
        ThemeChoice::Dark);
    add(QStringLiteral("theme.system"), WindowActions::tr("As the &system"),
        WindowActions::tr("Light or dark as all other programs"), ThemeChoice::System);
    // Always a change that is seen; "as the system" is in the View menu.
    actions.add({.id = QStringLiteral("theme.toggle"),
                 .text = WindowActions::tr("Light or dar&k"),
                 .tip = WindowActions::tr("Light or dark"),
                 .icon = QStringLiteral("theme"),
                 .keys = {QKeySequence(WindowActions::tr("Ctrl+Shift+T"))},
                 .work = [settings] { setTheme(*settings, theme().dark ? ThemeChoice::Light : ThemeChoice::Dark); }});
}

void addLanguages(ActionRegistry &actions, Settings *settings, TaskRunner *tasks)
{
    const auto add = [&](const QString &name, const QString &text, const QString &tip, bool canBeShown) {
        actions.add({.id = QStringLiteral("language.") + (name.isEmpty() ? QStringLiteral("system") : name),
                     .text = text,
                     .tip = tip,
                     .work =
                         [settings, name] {
                             SettingsData changed = settings->data();
                             changed.language = name;
                             settings->set(changed);
                             text::setLanguage(name);
                         },
                     // Pages that wait for a file to be read or written are not taken away.
                     .enabledWhen =
                         [tasks, canBeShown] {
                             const auto job = tasks->foremost();
                             return canBeShown && (!job || job->rank < JobRank::Reading);
                         },
                     .checkedWhen = [settings, name] { return settings->data().language == name; }});
    };
    add({}, WindowActions::tr("As the &system", "language"),
        WindowActions::tr("The language of the desktop, or English"), true);
    QChar letter = u'1';
    for (const text::Language &language : text::languages()) {
        const bool canBeShown = text::canBeShown(language);
        add(language.name, QStringLiteral("&%1 %2").arg(letter).arg(language.title),
            canBeShown ? WindowActions::tr("All texts of the window in this language")
                       : WindowActions::tr("No font that is installed has its characters (fonts-wqy-microhei has)"),
            canBeShown);
        letter = QChar(letter.unicode() + 1);
    }
}

void addJobs(ActionRegistry &actions, Setup *setup, StatusLine *status)
{
    actions.add({.id = QStringLiteral("analysis.continue"),
                 .text = WindowActions::tr("Continue the anal&ysis"),
                 .tip = WindowActions::tr("Continue an analysis that was cancelled or has failed"),
                 .icon = QStringLiteral("run"),
                 .keys = {Qt::Key_F5},
                 .work = [setup] { setup->analysisJob().start(); },
                 .enabledWhen =
                     [setup] {
                         return setup->analysis() == Setup::Analysis::Cancelled ||
                                setup->analysis() == Setup::Analysis::Failed;
                     }});
    actions.add({.id = QStringLiteral("job.cancel"),
                 .text = WindowActions::tr("Cancel the running job"),
                 .tip = WindowActions::tr("Cancel the job that the status line shows"),
                 .keys = {Qt::Key_Escape},
                 .places = ActionPlace::Leftover,
                 .work = [status] { status->cancelJob(); },
                 .enabledWhen = [status] { return status->isBusy(); }});
}

} // namespace

void addWindowActions(ActionRegistry &actions, QMainWindow *window, Setup *setup, Settings *settings,
                      MessageBar *messages, StatusLine *status)
{
    addUndo(actions, setup->document().undoStack());
    addThemes(actions, settings);
    addLanguages(actions, settings, &setup->document().tasks());
    addJobs(actions, setup, status);
    actions.add({.id = QStringLiteral("figure.copy"),
                 .text = WindowActions::tr("&Copy figure"),
                 .tip = WindowActions::tr("Copy the figure of the plot that has the focus"),
                 .icon = QStringLiteral("image"),
                 .keys = {QKeySequence(WindowActions::tr("Ctrl+Shift+C"))},
                 .work =
                     [messages] {
                         if (PlotPanel *plot = focusedPlot())
                             plot->copyImage();
                         else
                             messages->show(MessageBar::Kind::Info,
                                            WindowActions::tr("Click a plot first: its figure is copied then."));
                     },
                 .enabledWhen = [setup] { return bool(setup->model()); }});
    actions.add({.id = QStringLiteral("help.keys"),
                 .text = WindowActions::tr("&Keys"),
                 .tip = WindowActions::tr("All keys, and what they do"),
                 .icon = QStringLiteral("info"),
                 .keys = {QKeySequence(WindowActions::tr("?"))},
                 .work = [&actions, window] { showKeyList(actions, window); }});
    actions.add({.id = QStringLiteral("help.about"),
                 .text = WindowActions::tr("&About Quantoscope"),
                 .tip = WindowActions::tr("Version, libraries, licence"),
                 .work = [window] { showAboutBox(window); }});
    actions.add({.id = QStringLiteral("window.quit"),
                 .text = WindowActions::tr("&Quit"),
                 .tip = WindowActions::tr("Close the window and end the program"),
                 .keys = {QKeySequence(WindowActions::tr("Ctrl+Q"))},
                 .work = [window] { window->close(); }});
}

} // namespace qs::ui
