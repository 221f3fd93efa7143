// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Document: the open model, the setups that are tried on it, and the undo stack of their edits.
#pragma once

#include "ui/document/inputs.h"
#include "ui/document/setup.h"
#include "ui/document/side_b.h"
#include "ui/tasks/task_runner.h"

#include <QUndoStack>

#include <memory>
#include <vector>

namespace qs::ui {

/// Why a file could not be opened.
struct OpenProblem {
    QString location; ///< as it was given to Document::open()
    Error error;
    QString format;           ///< description of the format that the content is of; empty when nobody knows it
    QStringList choices = {}; ///< of a folder: the models that could be meant
};

/// Outlives the window: create it before and destroy it after, so that views can ask for data until they are gone.
class Document : public QObject
{
    Q_OBJECT
public:
    explicit Document(QObject *parent = nullptr);
    ~Document() override;

    TaskRunner &tasks() { return m_tasks; }
    QUndoStack &undoStack() { return m_undoStack; }
    /// The recipe differs from the one that was saved or opened: other inputs are no part of it.
    bool hasUnsavedEdits() const;
    Inputs &inputs() { return m_inputs; }

    /// Works in the background; the old model stays until the new one is complete, and for good when a recipe is
    /// edited until then.
    /// Of a checkpoint with several models, `part` names the one that is wanted; empty: the usual one, or all.
    void open(const QString &location, const QString &part = {});
    bool isOpening() const;
    const std::shared_ptr<const Model> &model() const { return m_model; }
    /// As it was given to open().
    QString location() const { return m_location; }
    /// What is known about the layers' weights, for the analyses of all setups.
    const std::shared_ptr<AnalysisCache> &cache() const { return m_cache; }

    /// At least one, from the beginning. All of them follow the model.
    const std::vector<Setup *> &setups() const { return m_setups; }
    /// Starts with the recipe that the first one has now.
    Setup *addSetup();
    /// What the first setup is compared with.
    SideB &sideB() { return m_sideB; }
    /// The program speaks another language: so do the steps of undo, and whoever makes actions of them anew.
    void renameSteps();
    /// Tells all views of the setups as if their model was new: they have just been made.
    void tellAgain();
    /// For Setup only: the open model as `recipe`, which is in force in `setup` from now on, sees it.
    void adoptRoles(std::shared_ptr<const Model> model, const Setup &setup,
                    const std::shared_ptr<const Recipe> &recipe);

signals:
    void openStarted(const QString &location);
    void openEnded();
    void openFailed(const OpenProblem &problem);
    /// The open model is still there, for the last time.
    void modelAboutToChange();
    /// Another model is open, and all setups have told so.
    void modelChanged();
    /// The same file, of whose tensors the recipe says now that they are something else: other layers are there. All
    /// setups have told so, as for another model.
    void rolesAboutToChange();
    void rolesChanged();
    /// An edit, a recipe, inputs or a file that cannot be followed; the state is unchanged.
    void refused(const QString &sentence);

private:
    void adoptModel(const QString &location, std::shared_ptr<const Model> model);

    QString m_location;
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<AnalysisCache> m_cache;
    std::vector<Setup *> m_setups; // children
    QUndoStack m_undoStack;
    TaskRunner m_tasks; ///< its threads end before what they use
    Inputs m_inputs;
    SideB m_sideB;
};

} // namespace qs::ui
