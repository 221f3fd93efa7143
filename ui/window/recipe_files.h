// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RecipeFiles: opens and saves recipes, and asks before one is lost.
#pragma once

#include <QObject>

class QWidget;

namespace qs::ui {

class ActionRegistry;
class FileChooser;
class MessageBar;
class Settings;
class Setup;

class RecipeFiles : public QObject
{
    Q_OBJECT
public:
    /// Registers the actions recipe.open, recipe.save and recipe.saveAs. `window` gets the dialogs.
    RecipeFiles(Setup *setup, Settings *settings, FileChooser *chooser, MessageBar *messages, ActionRegistry *actions,
                QWidget *window);

    /// Asks when there are unsaved changes; false when the user wants to keep them and nothing was saved.
    bool mayLose();

private:
    void open();
    QString proposal() const;
    bool save();
    bool saveAs();
    bool saveTo(const QString &path);

    Setup *m_setup;
    Settings *m_settings;
    FileChooser *m_chooser;
    MessageBar *m_messages;
    QWidget *m_window;
};

} // namespace qs::ui
