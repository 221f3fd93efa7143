// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/document.h"

#include "core/base/input_file.h"
#include "core/formats/open_model.h"
#include "core/formats/registry.h"
#include "core/layers/recipe_roles.h"
#include "ui/text/translation.h"

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr auto kOpenJob = "open";

/// What the content says, whatever is wrong with the rest. May read from a slow disk.
QString formatByContent(const std::string &path)
{
    const auto file = InputFile::open(path);
    if (!file)
        return {};
    const auto head = (*file)->head(kHeadBytes);
    if (!head)
        return {};
    const auto readers = formatReaders();
    const auto found = std::ranges::find_if(
        readers, [&](const FormatReader *reader) { return reader->recognises(*head, (*file)->size()); });
    if (found == readers.end())
        return {};
    return text::words((*found)->withSuffixes());
}

struct OpenOutcome {
    Result<std::shared_ptr<const Model>> model;
    QString format;           ///< when there is no model
    QStringList choices = {}; ///< the same, of a folder
};

std::vector<Recipe> recipesOf(const std::vector<Setup *> &setups)
{
    std::vector<Recipe> recipes;
    for (const Setup *setup : setups)
        recipes.push_back(setup->recipe());
    return recipes;
}

} // namespace

Document::Document(QObject *parent)
    : QObject(parent)
    , m_inputs(m_tasks, m_undoStack)
    , m_sideB(*this)
{
    connect(&m_inputs, &Inputs::refused, this, &Document::refused);
    connect(&m_sideB, &SideB::failed, this, &Document::refused);
    Setup *first = addSetup();
    connect(first, &Setup::changed, &m_sideB, &SideB::followA);
    connect(&m_sideB, &SideB::changed, first, [first] { emit first->changed(Change::SideB); });
}

Document::~Document()
{
    m_undoStack.blockSignals(true);
    blockSignals(true);
    m_sideB.blockSignals(true);
    for (Setup *setup : m_setups)
        setup->blockSignals(true);
    m_tasks.stopAll();
    qDeleteAll(m_setups);
}

Setup *Document::addSetup()
{
    auto *setup = new Setup(*this, QString::number(m_setups.size() + 1));
    connect(setup, &Setup::refused, this, &Document::refused);
    if (m_model) {
        const Recipe &recipe = m_setups.front()->recipe();
        // A recipe in force resolves.
        setup->adoptModel(recipe, resolve(recipe, *m_model, true).value_or(std::vector<Decision>()));
        setup->analysisJob().start();
    }
    m_setups.push_back(setup);
    return setup;
}

bool Document::isOpening() const
{
    return m_tasks.isRunning(kOpenJob);
}

void Document::open(const QString &location, const QString &part)
{
    m_tasks.run(
        {kOpenJob, tr("Opening …"), JobRank::Opening}, this,
        [path = location.toStdString(), part = part.toStdString()](const TaskContext &context) {
            OpenOutcome outcome{openModel(path, context, part), {}};
            if (!outcome.model) {
                outcome.format = formatByContent(path);
                for (const std::string &choice : modelFilesIn(path))
                    outcome.choices << QString::fromStdString(choice);
            }
            return outcome;
        },
        [this, location, before = recipesOf(m_setups)](OpenOutcome outcome) {
            // Whoever asked to open it could not know of edits that were still to come.
            if (outcome.model && recipesOf(m_setups) != before && hasUnsavedEdits())
                emit refused(tr("%1 was not opened, because the recipe was changed in the meantime: save it, or open "
                                "the file again.")
                                 .arg(location.section(QLatin1Char('/'), -1)));
            else if (outcome.model)
                adoptModel(location, std::move(*outcome.model));
            else if (outcome.model.error().code != ErrorCode::Cancelled)
                emit openFailed({location, outcome.model.error(), outcome.format, outcome.choices});
            emit openEnded();
        });
    emit openStarted(location);
}

void Document::adoptModel(const QString &location, std::shared_ptr<const Model> model)
{
    const Recipe recipe = defaultRecipe(*model);
    const QString format = QString::fromStdString(model->format);
    auto seen = withRoles(std::move(model), recipe);
    if (!seen) {
        emit openFailed({location, seen.error(), format});
        return;
    }
    model = std::move(*seen);
    const auto decisions = resolve(recipe, *model, true);
    if (!decisions) {
        emit openFailed({location, decisions.error(), format});
        return;
    }
    m_sideB.close();
    emit modelAboutToChange();
    m_location = location;
    m_model = std::move(model);
    m_cache = std::make_shared<AnalysisCache>();
    m_inputs.reset();
    m_undoStack.clear();
    for (Setup *setup : m_setups)
        setup->adoptModel(recipe, *decisions);
    emit modelChanged();
    for (Setup *setup : m_setups)
        setup->analysisJob().start();
}

bool Document::hasUnsavedEdits() const
{
    const int clean = m_undoStack.cleanIndex();
    const int now = m_undoStack.index();
    if (clean < 0)
        return true;
    for (int i = std::min(clean, now); i < std::max(clean, now); ++i)
        if (!Inputs::isStep(m_undoStack.command(i)))
            return true;
    return false;
}

void Document::renameSteps()
{
    for (int i = 0; i < m_undoStack.count(); ++i) {
        // Their owner hands them out for reading only, and knows no other way to give them a text.
        auto *command = const_cast<QUndoCommand *>(m_undoStack.command(i));
        // Several that are one step are called as the first of them.
        const QUndoCommand *first = command->childCount() > 0 ? command->child(0) : command;
        if (const auto *edit = dynamic_cast<const Step *>(first))
            command->setText(edit->words());
    }
}

void Document::tellAgain()
{
    for (Setup *setup : m_setups)
        if (m_model)
            setup->tellAgain();
}

void Document::adoptRoles(std::shared_ptr<const Model> model, const Setup &setup,
                          const std::shared_ptr<const Recipe> &recipe)
{
    // A file was compared with other layers; a recipe for the same tensors stays.
    if (m_sideB.kind() == SideB::Kind::File)
        m_sideB.close();
    emit rolesAboutToChange();
    m_model = std::move(model);
    m_cache = std::make_shared<AnalysisCache>(); // of the layers that were there
    for (Setup *each : m_setups) {
        const auto &own = each == &setup ? recipe : each->sharedRecipe();
        // The recipe of the setup that was edited resolves; others are about the same tensors.
        each->adoptRoles(own, resolve(*own, *m_model, true).value_or(std::vector<Decision>(m_model->layers.size())));
    }
    emit rolesChanged();
    for (Setup *each : m_setups)
        each->analysisJob().start();
}

} // namespace qs::ui
