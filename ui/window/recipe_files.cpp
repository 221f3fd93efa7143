// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recipe_files.h"

#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/settings/settings.h"
#include "ui/text/translation.h"
#include "ui/widgets/file_chooser.h"
#include "ui/widgets/message_bar.h"

#include <QFileInfo>

namespace qs::ui {

RecipeFiles::RecipeFiles(Setup *setup, Settings *settings, FileChooser *chooser, MessageBar *messages,
                         ActionRegistry *actions, QWidget *window)
    : QObject(window)
    , m_setup(setup)
    , m_settings(settings)
    , m_chooser(chooser)
    , m_messages(messages)
    , m_window(window)
{
    const auto isOpen = [this] { return bool(m_setup->model()); };
    actions->add({.id = QStringLiteral("recipe.open"),
                  .text = tr("Open re&cipe…"),
                  .tip = tr("Use the recipe of a file for the open model"),
                  .work = [this] { open(); },
                  .enabledWhen = isOpen});
    actions->add({.id = QStringLiteral("recipe.save"),
                  .text = tr("&Save recipe"),
                  .tip = tr("Save the recipe: scheme, excluded layers, overrides"),
                  .icon = QStringLiteral("save"),
                  .keys = {QKeySequence::Save},
                  .work = [this] { save(); },
                  .enabledWhen = isOpen});
    actions->add({.id = QStringLiteral("recipe.saveAs"),
                  .text = tr("Save recipe &as…"),
                  .tip = tr("Save the recipe to another file"),
                  .keys = {QKeySequence(tr("Ctrl+Shift+S"))},
                  .work = [this] { saveAs(); },
                  .enabledWhen = isOpen});
}

bool RecipeFiles::mayLose()
{
    if (!m_setup->document().hasUnsavedEdits())
        return true;
    switch (m_chooser->unsavedRecipe(m_window)) {
    case FileChooser::Unsaved::Save:
        return save();
    case FileChooser::Unsaved::Discard:
        return true;
    case FileChooser::Unsaved::Cancel:
        break;
    }
    return false;
}

void RecipeFiles::open()
{
    const QString path = m_chooser->fileToOpen(m_window, tr("Open a recipe"), m_settings->data().lastFolder,
                                               tr("Recipes (*.json);;All files (*)"));
    if (path.isEmpty())
        return;
    m_settings->setLastFolderOf(path);
    m_setup->openRecipe(path);
}

bool RecipeFiles::save()
{
    return m_setup->recipePath().isEmpty() ? saveAs() : saveTo(m_setup->recipePath());
}

/// By the name of the model: recipes of several models end up in one folder.
QString RecipeFiles::proposal() const
{
    const QString title = QFileInfo(QString::fromStdString(m_setup->model()->title)).completeBaseName();
    return title.isEmpty() ? QStringLiteral("recipe.json") : title + QStringLiteral(".recipe.json");
}

bool RecipeFiles::saveAs()
{
    const QString name = m_setup->recipePath().isEmpty() ? proposal() : QFileInfo(m_setup->recipePath()).fileName();
    const QString folder = m_settings->data().lastFolder;
    const QString path =
        m_chooser->fileToSave(m_window, tr("Save the recipe"),
                              folder.isEmpty() ? name : folder + QLatin1Char('/') + name, tr("Recipes (*.json)"));
    if (path.isEmpty())
        return false;
    m_settings->setLastFolderOf(path);
    return saveTo(path);
}

bool RecipeFiles::saveTo(const QString &path)
{
    if (const auto saved = m_setup->saveRecipe(path); !saved) {
        m_messages->show(MessageBar::Kind::Error, text::words(saved.error().sentence()));
        return false;
    }
    m_messages->show(MessageBar::Kind::Good, tr("Saved %1.").arg(QFileInfo(path).fileName()));
    return true;
}

} // namespace qs::ui
