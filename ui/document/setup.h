// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Setup: one recipe for the open model, what it decides, and the results of it as they arrive.
#pragma once

#include "core/export/preview.h"
#include "core/network/chain.h"
#include "core/recipe/recipe.h"
#include "ui/document/analysis_job.h"
#include "ui/document/budget_job.h"
#include "ui/document/changes.h"
#include "ui/document/clipping_job.h"
#include "ui/document/commands.h"
#include "ui/document/distribution_job.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace qs::ui {

class Document;

/// Belongs to a document, which may have several setups of its model. Views are given the setup that they show.
class Setup : public QObject
{
    Q_OBJECT
public:
    using Analysis = AnalysisState;

    /// `name` tells this setup and its jobs from others.
    Setup(Document &document, const QString &name);

    Document &document() const { return m_document; }
    const std::shared_ptr<const Model> &model() const;

    // The recipe.
    const Recipe &recipe() const { return *m_recipe; }
    /// The same, as a value that outlives the next edit.
    const std::shared_ptr<const Recipe> &sharedRecipe() const { return m_recipe; }
    /// One undo step to `after`. Emits refused() and changes nothing when the model cannot follow that recipe. Quick
    /// edits of one gesture (typing, the wheel over a field) are analysed when they pause, all others at once.
    bool edit(const EditText &text, const Recipe &after, int gesture = kNoGesture);
    /// Puts a recipe in force for a look, without a step of undo, as often as one likes: everything follows it. It must
    /// be one that the model can follow. An edit, also by undo, ends the trial: the recipe before it is in force again.
    void tryRecipe(std::shared_ptr<const Recipe> recipe);
    bool isTrying() const { return m_beforeTrial != nullptr; }
    /// Makes the recipe on trial one step of undo, or goes back to the one before.
    void keepTried(const EditText &text);
    void dropTried();
    /// For RecipeCommand, and for B before anybody sees it: everybody else calls edit().
    void applyRecipe(std::shared_ptr<const Recipe> recipe);
    QString recipePath() const { return m_recipePath; }
    /// Writes the recipe and makes this state the clean one.
    Result<void> saveRecipe(const QString &path);
    /// Reads a recipe in the background and applies it as one undo step; refused() says what is wrong with it.
    void openRecipe(const QString &path);

    // What it decides.
    /// What is decided for a layer now; results may still be those of an earlier decision.
    const std::vector<Decision> &decisions() const { return m_decisions; }
    const Decision &decision(std::size_t layer) const { return m_decisions[layer]; }
    bool canQuantize(std::size_t layer) const { return m_analysis.canQuantize(layer); }
    bool isQuantized(std::size_t layer) const { return m_decisions[layer].quantize && canQuantize(layer); }
    /// True when the file holds codes instead of weights.
    bool isStored(std::size_t layer) const { return model()->layers[layer].stored != nullptr; }
    std::size_t storedLayers() const;
    /// The reason of a decision as the window says it: a layer that was unticked has no rule that a user knows of.
    static QString reasonOf(const Decision &decision);
    /// Why a layer is kept; empty for quantized ones.
    QString keptReason(std::size_t layer) const;
    /// The network that can be run, with the recipe's activation; or why there is none.
    const ChainSearch &chain() const { return *m_chain; }

    /// Slips that the network is run with, for lessons; another model ends them.
    const Teaching &slips() const { return m_slips; }
    void setSlips(const Teaching &slips);

    // Results.
    AnalysisJob &analysisJob() { return m_analysis; }
    Analysis analysis() const { return m_analysis.state(); }
    const std::shared_ptr<const Report> &report() const { return m_analysis.report(); }
    bool isFresh(std::size_t layer) const { return m_analysis.isFresh(layer); }
    /// The file whose numbers are on show while somebody is about to write it; null otherwise. An edit ends it.
    const std::shared_ptr<const Preview> &preview() const { return m_preview; }
    void setPreview(std::shared_ptr<const Preview> preview);
    /// While it is not null, views show that report in place of this setup's own: B, for as long as a key is held.
    void showInstead(std::shared_ptr<const Report> report);
    bool showsOther() const { return bool(m_instead); }
    /// The report that views show: the one in place of ours, that of the preview, else report().
    const std::shared_ptr<const Report> &shownReport() const
    {
        if (m_instead)
            return m_instead;
        return m_preview ? m_preview->report : report();
    }
    /// Whether the layer is quantized in what views show: by the format of the preview's file, else by the recipe.
    bool isShownQuantized(std::size_t layer) const;
    /// The recipe quantizes the layer, but the preview's file keeps it as it is.
    bool isKeptByFile(std::size_t layer) const { return isQuantized(layer) && !isShownQuantized(layer); }
    /// The scheme of the codes that views show, be they of the preview's file, of the recipe or of the open file; null
    /// for floats.
    const Scheme *shownScheme(std::size_t layer) const;
    /// True when the numbers on show are those of an earlier recipe.
    bool isShownStale() const { return !m_preview && !m_instead && m_analysis.isStale(); }
    DistributionJob &distribution() { return m_distribution; }
    ClippingJob &clipping() { return m_clipping; }
    BudgetJob &budget() { return m_budget; }

    /// For Document only: tells everything to views that have just been made.
    void tellAgain();
    /// For Document only: another model is open, and `decisions` are those of `recipe`.
    void adoptModel(const Recipe &recipe, std::vector<Decision> decisions);
    /// The same for the open model with other roles.
    void adoptRoles(std::shared_ptr<const Recipe> recipe, std::vector<Decision> decisions);

signals:
    void changed(qs::ui::Changes changes);
    void analysisFailed(const QString &sentence);
    /// An edit or a recipe that the model cannot follow; the state is unchanged.
    void refused(const QString &sentence);
    /// Something about a recipe that was opened that a person should know.
    void remarked(const QString &sentence);

private:
    void putInForce(std::shared_ptr<const Recipe> recipe);
    void refuse(const Error &error);
    void remarkUnmatched();
    /// The open model with the roles of `recipe`.
    Result<std::shared_ptr<const Model>> modelFor(const Recipe &recipe) const;

    Document &m_document;
    QString m_recipeJob;
    std::shared_ptr<const Recipe> m_recipe = std::make_shared<const Recipe>();
    std::shared_ptr<const Recipe> m_beforeTrial; ///< null while none is on trial
    QString m_recipePath;
    std::vector<Decision> m_decisions;
    Teaching m_slips;
    /// Decisions of the recipe that edit() has just tried, and the model that they are for; applyRecipe() takes them.
    std::vector<Decision> m_triedDecisions;
    std::shared_ptr<const Model> m_triedModel;
    std::shared_ptr<const ChainSearch> m_chain = std::make_shared<const ChainSearch>();
    int m_gesture = kNoGesture; ///< of the last edit
    QElapsedTimer m_sinceGesture;
    bool m_mayPause = false; ///< the edit that is being applied is one of many
    std::shared_ptr<const Preview> m_preview;
    std::shared_ptr<const Report> m_instead;
    AnalysisJob m_analysis;
    DistributionJob m_distribution;
    ClippingJob m_clipping;
    BudgetJob m_budget;
};

} // namespace qs::ui
