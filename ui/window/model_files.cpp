// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/model_files.h"

#include "core/formats/model_location.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/pages/welcome/readable_formats.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/widgets/file_chooser.h"
#include "ui/window/recipe_files.h"

#include <QAction>
#include <QFileInfo>
#include <QMenu>

namespace qs::ui {

ModelFiles::ModelFiles(Document *document, Settings *settings, FileChooser *chooser, RecipeFiles *recipes,
                       ActionRegistry *actions, QWidget *window)
    : QObject(window)
    , m_document(document)
    , m_settings(settings)
    , m_chooser(chooser)
    , m_recipes(recipes)
    , m_window(window)
{
    addActions(*actions);
}

void ModelFiles::addActions(ActionRegistry &actions)
{
    actions.add({.id = QStringLiteral("model.open"),
                 .text = tr("&Open…"),
                 .tip = tr("Open a model file; dropping one does the same"),
                 .icon = QStringLiteral("open"),
                 .keys = {QKeySequence::Open},
                 .work = [this] { choose(); }});
    actions.add({.id = QStringLiteral("model.openFolder"),
                 .text = tr("Open &folder…"),
                 .tip = tr("Open the folder of a model"),
                 .icon = QStringLiteral("folder"),
                 .keys = {QKeySequence(tr("Ctrl+Shift+O"))},
                 .work = [this] { chooseFolder(); }});
    actions.add({.id = QStringLiteral("model.recent"),
                 .text = tr("Open &recent"),
                 .tip = tr("Models that were open lately"),
                 .fill = [this](QMenu *menu) { fillRecent(menu); },
                 .enabledWhen = [this] { return !m_settings->data().recentFiles.isEmpty(); }});
    actions.add({.id = QStringLiteral("demo.digits"),
                 .text = tr("&Digits: a trained network for handwritten digits"),
                 .tip = tr("A small network that reads handwritten digits"),
                 .work = [this] { openDemo("digits"); }});
    actions.add({.id = QStringLiteral("demo.lesson"),
                 .text = tr("&Lesson: a trained network with troubles"),
                 .tip = tr("Reads digits, too; outliers, loud rows and a one-sided layer were put in on purpose"),
                 .work = [this] { openDemo("lesson"); }});
    actions.add({.id = QStringLiteral("demo.notebook"),
                 .text = tr("&Notebook: the network of the lecture"),
                 .tip = tr("The five-layer network of the lecture on quantization, with random weights"),
                 .work = [this] { openDemo("notebook"); }});
}

void ModelFiles::open(const QString &location)
{
    if (m_recipes->mayLose())
        m_document->open(location);
}

void ModelFiles::openPart(const QString &part)
{
    if (m_recipes->mayLose())
        m_document->open(m_document->location(), part);
}

void ModelFiles::openDemo(const char *name)
{
    open(QString::fromStdString(ModelLocation::ofDemo(name).text()));
}

void ModelFiles::choose()
{
    const QString path =
        m_chooser->fileToOpen(m_window, tr("Open a model"), m_settings->data().lastFolder, modelFileFilters());
    if (!path.isEmpty())
        open(path);
}

void ModelFiles::chooseFolder()
{
    const QString path =
        m_chooser->folderToOpen(m_window, tr("Open the folder of a model"), m_settings->data().lastFolder);
    if (!path.isEmpty())
        open(path);
}

void ModelFiles::fillRecent(QMenu *menu)
{
    for (const QString &path : m_settings->data().recentFiles) {
        QAction *action = menu->addAction(text::buttonText(QFileInfo(path).fileName()));
        action->setToolTip(text::plainToolTip(path));
        action->setEnabled(QFileInfo::exists(path));
        connect(action, &QAction::triggered, this, [this, path] { open(path); });
    }
}

} // namespace qs::ui
