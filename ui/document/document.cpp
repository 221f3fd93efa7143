// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/document.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/reader.h"
#include "core/network/chain.h"
#include "core/recipe/pattern.h"

#include <QSaveFile>

#include <algorithm>
#include <chrono>
#include <utility>

namespace qs::ui {

namespace {

/// Long enough to swallow a series of clicks, short enough to feel immediate.
constexpr auto kRestartPause = std::chrono::milliseconds(150);

QString sentenceOf(const Error &error)
{
    return QString::fromStdString(error.text());
}

/// What the content says, whatever is wrong with the rest. May read from a slow disk.
QString formatByContent(const std::string &path)
{
    constexpr std::size_t kHeadBytes = std::size_t{64} << 10;
    const auto file = InputFile::open(path);
    if (!file)
        return {};
    const std::span<const std::byte> bytes = (*file)->bytes();
    const auto readers = formatReaders();
    const auto found = std::ranges::find_if(readers, [&](const FormatReader *reader) {
        return reader->recognises(bytes.first(std::min(bytes.size(), kHeadBytes)), bytes.size());
    });
    if (found == readers.end())
        return {};
    return QString::fromUtf8((*found)->description.data(), static_cast<qsizetype>((*found)->description.size()));
}

struct OpenOutcome {
    Result<std::shared_ptr<const Model>> model;
    QString format; ///< when there is no model
};

} // namespace

Document::Document(QObject *parent)
    : QObject(parent)
{
    m_restartTimer.setSingleShot(true);
    m_restartTimer.setInterval(kRestartPause);
    connect(&m_restartTimer, &QTimer::timeout, this, &Document::startAnalysis);
    connect(&m_publishTimer, &QTimer::timeout, this, &Document::takeBatch);
}

Document::~Document()
{
    m_undoStack.blockSignals(true);
    blockSignals(true);
}

void Document::open(const QString &location)
{
    m_tasks.run(
        kOpenTask, this,
        [path = location.toStdString()](const TaskContext &context) {
            OpenOutcome outcome{openModel(path, context), {}};
            if (!outcome.model)
                outcome.format = formatByContent(path);
            return outcome;
        },
        [this, location, before = m_recipe](OpenOutcome outcome) {
            // Whoever asked to open it could not know of edits that were still to come.
            if (outcome.model && m_recipe != before && !m_undoStack.isClean())
                emit refused(tr("%1 was not opened, because the recipe was changed in the meantime: save it, or open "
                                "the file again.")
                                 .arg(location.section(QLatin1Char('/'), -1)));
            else if (outcome.model)
                adoptModel(location, std::move(*outcome.model));
            else if (outcome.model.error().code != ErrorCode::Cancelled)
                emit openFailed({location, outcome.model.error(), outcome.format});
            emit openEnded();
        });
    emit openStarted(location);
}

void Document::adoptModel(const QString &location, std::shared_ptr<const Model> model)
{
    const Recipe recipe = defaultRecipe(*model);
    auto decisions = resolve(recipe, *model, true);
    if (!decisions) {
        emit openFailed({location, decisions.error(), QString::fromStdString(model->format)});
        return;
    }
    for (const char *tag : {kAnalysisTask, kDistributionTask, kRecipeTask, kInputsTask})
        m_tasks.drop(tag);
    m_restartTimer.stop();
    m_publishTimer.stop();
    emit modelAboutToChange();
    m_location = location;
    m_model = std::move(model);
    m_cache = std::make_shared<AnalysisCache>();
    m_recipe = recipe;
    m_recipePath.clear();
    m_decisions = std::move(*decisions);
    m_inputs.reset();
    m_inputsBefore.reset();
    m_networkRequested = false;
    m_wantedDistribution = {};
    m_distribution = {};
    m_distributionSource.reset();
    setLayersOnShow({});
    const std::size_t count = m_model->layers.size();
    m_fresh.assign(count, false);
    m_canQuantize.assign(count, true);
    for (std::size_t i = 0; i < count; ++i)
        m_canQuantize[i] = !m_model->layers[i].stored && m_model->layers[i].keptReason.empty();
    auto report = std::make_shared<Report>();
    report->layers.resize(count);
    // Known at once, so that weight errors can be shown as they come where no network will be run.
    report->chain = std::make_shared<const ChainSearch>(findChain(*m_model, m_recipe.activation));
    report->outputError.reason = report->chain->reason;
    m_report = std::move(report);
    m_undoStack.clear();
    emit modelChanged();
    emit distributionChanged();
    emit recipePathChanged();
    startAnalysis();
}

bool Document::edit(const QString &text, const Recipe &after, int gesture)
{
    if (after == m_recipe)
        return true;
    auto decisions = resolve(after, *m_model, true);
    if (!decisions) {
        emit refused(sentenceOf(decisions.error()));
        return false;
    }
    m_triedDecisions = std::move(*decisions);
    m_undoStack.push(new RecipeCommand(*this, text, after, gesture));
    return true;
}

void Document::applyRecipe(const Recipe &recipe)
{
    if (recipe.activation != m_recipe.activation) { // the chain is the report's only part that needs no analysis
        auto report = std::make_shared<Report>(*m_report);
        report->chain = std::make_shared<const ChainSearch>(findChain(*m_model, recipe.activation));
        m_report = std::move(report);
    }
    m_recipe = recipe;
    if (!m_triedDecisions.empty())
        m_decisions = std::exchange(m_triedDecisions, {});
    else if (auto decisions = resolve(recipe, *m_model, true)) // undo and redo lead to recipes that resolved before
        m_decisions = std::move(*decisions);
    emit recipeChanged();
    scheduleAnalysis();
}

QString Document::keptReason(std::size_t layer) const
{
    if (const std::string &reason = m_model->layers[layer].keptReason; !reason.empty())
        return QString::fromStdString(reason);
    const LayerReport *report = m_report->layers[layer].get();
    if (!m_canQuantize[layer] && report)
        return QString::fromStdString(report->decision.reason);
    return reasonOf(layer, m_decisions[layer]);
}

QString Document::reasonOf(std::size_t layer, const Decision &decision) const
{
    for (const std::string &name : {m_model->layers[layer].name, m_model->layers[layer].module})
        if (decision.reason == "excluded by rule " + inQuotes(exactPattern(name)))
            return tr("unticked");
    return QString::fromStdString(decision.reason);
}

std::size_t Document::storedLayers() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_model->layers, [](const Layer &layer) { return layer.stored != nullptr; }));
}

const Scheme *Document::schemeOf(std::size_t layer) const
{
    if (isQuantized(layer))
        return &m_decisions[layer].scheme;
    return isStored(layer) ? &m_model->layers[layer].stored->scheme : nullptr;
}

Result<void> Document::saveRecipe(const QString &path)
{
    const std::string text = toJson(m_recipe);
    QSaveFile file(path);
    const bool written =
        file.open(QIODevice::WriteOnly) &&
        file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) && file.commit();
    if (!written)
        return fail(ErrorCode::Work, "the recipe cannot be written: " + file.errorString().toStdString(),
                    path.toStdString());
    m_recipePath = path;
    m_undoStack.setClean();
    emit recipePathChanged();
    return {};
}

void Document::openRecipe(const QString &path)
{
    if (!m_model)
        return;
    m_tasks.run(
        kRecipeTask, this,
        [path = path.toStdString(), model = m_model](const TaskContext &) { return loadRecipe(path, *model); },
        [this, path](const Result<Recipe> &recipe) {
            if (!recipe) {
                emit refused(sentenceOf(recipe.error()));
                return;
            }
            if (!edit(tr("Apply the recipe %1").arg(path.section(QLatin1Char('/'), -1)), *recipe))
                return;
            m_recipePath = path;
            m_undoStack.setClean();
            emit recipePathChanged();
        });
}

void Document::showDistribution(const DistributionTarget &target)
{
    if (target == m_wantedDistribution)
        return;
    m_wantedDistribution = target;
    m_distributionSource.reset();
    if (target.layer) {
        refreshDistribution();
        return;
    }
    m_tasks.drop(kDistributionTask);
    m_distribution = {};
    emit distributionChanged();
}

void Document::refreshDistribution()
{
    const DistributionTarget target = m_wantedDistribution;
    if (!target.layer)
        return;
    const std::shared_ptr<const LayerReport> layer = m_report->layers[*target.layer];
    if (!layer || (layer->quantization && layer->quantization == m_distributionSource))
        return;
    m_distributionSource = layer->quantization;
    if (!m_distributionSource) {
        m_tasks.drop(kDistributionTask);
        m_distribution = {target, nullptr, {}, QString::fromStdString(layer->decision.reason)};
        emit distributionChanged();
        return;
    }
    m_tasks.run(
        kDistributionTask, this,
        [model = m_model, target, source = m_distributionSource](const TaskContext &context) {
            return qs::distribution(*model, model->layers[*target.layer], source->channelAxis, *source, target.channel,
                                    context);
        },
        [this, target, source = m_distributionSource](Result<Distribution> result) {
            m_distribution = {target, nullptr, source->scheme, {}};
            if (result)
                m_distribution.values = std::make_shared<const Distribution>(std::move(*result));
            else
                m_distribution.problem = sentenceOf(result.error());
            emit distributionChanged();
        });
}

} // namespace qs::ui
