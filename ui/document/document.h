// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Document: the open model, its recipe with undo, and the results as they arrive.
#pragma once

#include "core/analysis/analyze.h"
#include "core/analysis/distribution.h"
#include "core/recipe/recipe.h"
#include "ui/document/commands.h"
#include "ui/tasks/task_runner.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace qs::ui {

/// Tags of the document's jobs.
inline constexpr auto kOpenTask = "open";
inline constexpr auto kAnalysisTask = "analysis";
inline constexpr auto kDistributionTask = "distribution";
inline constexpr auto kRecipeTask = "recipe";
inline constexpr auto kInputsTask = "inputs";

/// Why a file could not be opened.
struct OpenProblem {
    QString location; ///< as it was given to Document::open()
    Error error;
    QString format; ///< description of the format that the content is of; empty when nobody knows it
};

/// Outlives the window: create it before and destroy it after, so that views can ask for data until they are gone.
class Document : public QObject
{
    Q_OBJECT
public:
    enum class Analysis { None, Running, Done, Cancelled, Failed };

    /// Whose distribution is meant; an empty layer: nobody's.
    struct DistributionTarget {
        std::optional<std::size_t> layer;
        std::optional<std::uint64_t> channel;
        bool operator==(const DistributionTarget &) const = default;
    };
    struct ShownDistribution {
        DistributionTarget target;
        std::shared_ptr<const Distribution> values;
        Scheme scheme;   ///< with which they were computed
        QString problem; ///< why there are no values; empty otherwise
    };

    explicit Document(QObject *parent = nullptr);
    ~Document() override;

    TaskRunner &tasks() { return m_tasks; }
    QUndoStack &undoStack() { return m_undoStack; }

    // The model. open() works in the background; the old model stays until the new one is complete, and for good when
    // its recipe is edited until then.
    void open(const QString &location);
    const std::shared_ptr<const Model> &model() const { return m_model; }
    /// As it was given to open().
    QString location() const { return m_location; }

    // The recipe.
    const Recipe &recipe() const { return m_recipe; }
    /// One undo step to `after`. Emits refused() and changes nothing when the model cannot follow that recipe.
    bool edit(const QString &text, const Recipe &after, int gesture = kNoGesture);
    /// For RecipeCommand only: everybody else calls edit().
    void applyRecipe(const Recipe &recipe);
    /// What is decided for a layer now; results may still be those of an earlier decision.
    const Decision &decision(std::size_t layer) const { return m_decisions[layer]; }
    bool canQuantize(std::size_t layer) const { return m_canQuantize[layer]; }
    bool isQuantized(std::size_t layer) const { return m_decisions[layer].quantize && m_canQuantize[layer]; }
    /// True when the file holds codes instead of weights.
    bool isStored(std::size_t layer) const { return m_model->layers[layer].stored != nullptr; }
    std::size_t storedLayers() const;
    /// The scheme of the codes that the layer has now, from the recipe or from the file; null for floats.
    const Scheme *schemeOf(std::size_t layer) const;
    /// The reason of a decision as the window says it: a layer that was unticked has no rule that a user knows of.
    QString reasonOf(std::size_t layer, const Decision &decision) const;
    /// Why a layer is kept; empty for quantized ones.
    QString keptReason(std::size_t layer) const;
    QString recipePath() const { return m_recipePath; }
    /// Writes the recipe and makes this state the clean one.
    Result<void> saveRecipe(const QString &path);
    /// Reads a recipe in the background and applies it as one undo step; refused() says what is wrong with it.
    void openRecipe(const QString &path);

    // Results.
    /// Never null while a model is open; its layers are null until they were computed for the first time.
    const std::shared_ptr<const Report> &report() const { return m_report; }
    /// True when the layer's results are those of the present recipe.
    bool isFresh(std::size_t layer) const { return m_fresh[layer]; }
    std::size_t freshLayers() const;
    Analysis analysis() const { return m_analysis; }
    /// Also restarts after an edit's pause, a cancellation or a failure.
    void startAnalysis();
    void cancelAnalysis();
    /// Layers that can be seen now: an analysis does those first.
    void setLayersOnShow(std::vector<std::size_t> layers);
    std::vector<std::size_t> layersOnShow() const;
    /// Runs the network once although it is too large to be run by itself.
    void runNetwork();
    /// Feeds a user's `.npy` files (labels may be empty); empty inputs go back to the model's own samples.
    void setInputs(const QString &inputsPath, const QString &labelsPath);
    bool hasOwnInputs() const { return m_inputs != nullptr; }

    // The distribution of one layer or channel.
    void showDistribution(const DistributionTarget &target);
    /// The latest one; it stays until the one of another target has been computed.
    const ShownDistribution &distribution() const { return m_distribution; }
    bool isDistributionPending() const { return m_tasks.isRunning(QLatin1String(kDistributionTask)); }

signals:
    void openStarted(const QString &location);
    void openEnded();
    void openFailed(const OpenProblem &problem);
    /// The open model is still there, for the last time.
    void modelAboutToChange();
    /// Another model is open: everything before is void.
    void modelChanged();
    void recipeChanged();
    void recipePathChanged();
    /// Some layers' results, or all of them and the totals, are new.
    void resultsChanged();
    void analysisChanged();
    void analysisFailed(const QString &sentence);
    void distributionChanged();
    /// An edit, a recipe or inputs that the model cannot follow; the state is unchanged.
    void refused(const QString &sentence);

private:
    /// Layer results on their way from the analysis thread.
    struct Batch {
        std::mutex mutex;
        std::vector<std::pair<std::size_t, std::shared_ptr<const LayerReport>>> layers;
    };

    /// Layers that can be seen now, for the analysis thread to look up.
    struct OnShow {
        std::mutex mutex;
        std::vector<std::size_t> layers;
    };

    void adoptModel(const QString &location, std::shared_ptr<const Model> model);
    void scheduleAnalysis();
    void setAnalysis(Analysis state);
    void takeBatch();
    void finishAnalysis(Result<std::shared_ptr<const Report>> result);
    std::shared_ptr<const LayerReport> merged(std::size_t index, const std::shared_ptr<const LayerReport> &fresh) const;
    void refreshDistribution();

    QString m_location;
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<AnalysisCache> m_cache;
    Recipe m_recipe;
    QString m_recipePath;
    std::vector<Decision> m_decisions;
    /// Decisions of the recipe that edit() has just tried; applyRecipe() takes them.
    std::vector<Decision> m_triedDecisions;
    std::vector<bool> m_canQuantize;
    std::shared_ptr<const Report> m_report;
    std::vector<bool> m_fresh;
    Analysis m_analysis = Analysis::None;
    bool m_networkRequested = false;
    std::shared_ptr<const NetworkInputs> m_inputs;
    /// Inputs before the last choice, until the network has accepted that.
    std::optional<std::shared_ptr<const NetworkInputs>> m_inputsBefore;
    DistributionTarget m_wantedDistribution;
    ShownDistribution m_distribution;
    std::shared_ptr<const LayerQuantization> m_distributionSource;
    QUndoStack m_undoStack;
    QTimer m_restartTimer;
    QTimer m_publishTimer;
    std::shared_ptr<Batch> m_batch;
    std::shared_ptr<OnShow> m_onShow = std::make_shared<OnShow>();
    TaskRunner m_tasks; ///< last, so that its threads end before what they use
};

} // namespace qs::ui
