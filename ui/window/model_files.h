// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ModelFiles: the ways to a model: a dialog, a recent file, a demo.
#pragma once

#include <QObject>

class QMenu;
class QWidget;

namespace qs::ui {

class ActionRegistry;
class Document;
class FileChooser;
class RecipeFiles;
class Settings;

class ModelFiles : public QObject
{
    Q_OBJECT
public:
    /// Registers model.open, model.openFolder, model.recent and one demo.NAME for each demo. `window` gets the dialogs.
    ModelFiles(Document *document, Settings *settings, FileChooser *chooser, RecipeFiles *recipes,
               ActionRegistry *actions, QWidget *window);

    /// As ModelLocation::parse() reads it. Asks first when the recipe has unsaved changes.
    void open(const QString &location);
    /// Another one of the models that the open file holds.
    void openPart(const QString &part);
    void choose();
    void chooseFolder();

private:
    void addActions(ActionRegistry &actions);
    void openDemo(const char *name);
    void fillRecent(QMenu *menu);

    Document *m_document;
    Settings *m_settings;
    FileChooser *m_chooser;
    RecipeFiles *m_recipes;
    QWidget *m_window;
};

} // namespace qs::ui
