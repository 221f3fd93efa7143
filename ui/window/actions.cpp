// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/actions.h"

#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/plots/plot_actions.h"
#include "ui/plots/plot_panel.h"
#include "ui/settings/settings.h"
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
