// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/setup.h"

#include "core/layers/recipe_roles.h"
#include "ui/document/document.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"

#include <QSaveFile>

#include <algorithm>
#include <chrono>
#include <utility>

namespace qs::ui {

namespace {

/// Rules about roles and ties, which decide what the layers are.
bool sameRoles(const Recipe &a, const Recipe &b)
{
    const auto rolesOf = [](const Recipe &recipe) {
        std::vector<std::pair<std::string, Role>> roles;
        for (const Rule &rule : recipe.rules)
            if (rule.role)
                roles.emplace_back(rule.match, *rule.role);
        return roles;
    };
    return a.ties == b.ties && rolesOf(a) == rolesOf(b);
}

/// Edits of one gesture that follow each other faster are not worth an analysis each.
constexpr auto kGesturePause = std::chrono::milliseconds(150);

} // namespace

Setup::Setup(Document &document, const QString &name)
    : QObject(&document)
    , m_document(document)
    , m_recipeJob(QStringLiteral("recipe %1").arg(name))
    , m_analysis(*this, QStringLiteral("analysis %1").arg(name))
    , m_distribution(*this, QStringLiteral("distribution %1").arg(name))
    , m_clipping(*this, QStringLiteral("clipping %1").arg(name))
    , m_budget(*this, QStringLiteral("budget %1").arg(name))
{
    connect(&m_analysis, &AnalysisJob::changed, this, [this](Changes changes) {
        emit changed(changes);
        if (changes & Change::Results)
            m_distribution.update();
    });
    connect(&m_analysis, &AnalysisJob::failed, this, &Setup::analysisFailed);
    connect(&m_distribution, &DistributionJob::changed, this, [this] { emit changed(Change::Distribution); });
    connect(&m_clipping, &ClippingJob::changed, this, [this] { emit changed(Change::Clipping); });
    connect(&m_budget, &BudgetJob::changed, this, [this] { emit changed(Change::Budget); });
    connect(&document.inputs(), &Inputs::changed, this, [this] {
        if (model())
            m_analysis.schedule();
    });
}

const std::shared_ptr<const Model> &Setup::model() const
{
    return m_document.model();
}

void Setup::adoptModel(const Recipe &recipe, std::vector<Decision> decisions)
{
    m_document.tasks().drop(m_recipeJob);
    m_recipePath.clear();
    m_gesture = kNoGesture;
    m_slips = {};
    adoptRoles(std::make_shared<const Recipe>(recipe), std::move(decisions));
    emit changed(Change::RecipePath);
}

void Setup::adoptRoles(std::shared_ptr<const Recipe> recipe, std::vector<Decision> decisions)
{
    m_recipe = std::move(recipe);
    m_decisions = std::move(decisions);
    m_chain = std::make_shared<const ChainSearch>(findChain(*model(), m_recipe->activation));
    m_preview.reset();
    m_instead.reset();
    m_analysis.reset(m_chain);
    m_distribution.reset();
    m_clipping.reset();
    m_beforeTrial.reset();
    m_budget.reset();
    emit changed(Change::Model | Change::Recipe | Change::Results | Change::Analysis | Change::Stale |
                 Change::Distribution | Change::Clipping | Change::Budget | Change::Preview);
}

void Setup::tellAgain()
{
    emit changed(Change::Model | Change::Recipe | Change::Results | Change::Analysis | Change::Stale |
                 Change::Distribution | Change::Clipping | Change::Budget | Change::RecipePath | Change::Preview |
                 Change::SideB);
}

Result<std::shared_ptr<const Model>> Setup::modelFor(const Recipe &recipe) const
{
    if (sameRoles(recipe, *m_recipe))
        return model();
    return withRoles(model()->asOpened ? model()->asOpened : model(), recipe);
}

void Setup::setSlips(const Teaching &slips)
{
    if (m_slips == slips)
        return;
    m_slips = slips;
    if (model())
        m_analysis.schedule();
}

bool Setup::edit(const EditText &text, const Recipe &after, int gesture)
{
    dropTried();
    if (after == *m_recipe)
        return true;
    auto seen = modelFor(after);
    if (!seen) {
        refuse(seen.error());
        return false;
    }
    auto decisions = resolve(after, **seen, true);
    if (!decisions) {
        refuse(decisions.error());
        return false;
    }
    m_triedDecisions = std::move(*decisions);
    m_triedModel = std::move(*seen);
    m_mayPause = gesture != kNoGesture && gesture == m_gesture && m_sinceGesture.elapsed() < kGesturePause.count();
    m_document.undoStack().push(new RecipeCommand(*this, text, std::make_shared<const Recipe>(after), gesture));
    m_mayPause = false;
    m_gesture = gesture;
    m_sinceGesture.start();
    return true;
}

void Setup::tryRecipe(std::shared_ptr<const Recipe> recipe)
{
    if (!m_beforeTrial)
        m_beforeTrial = m_recipe;
    m_mayPause = m_sinceGesture.isValid() && m_sinceGesture.elapsed() < kGesturePause.count();
    putInForce(std::move(recipe));
    m_mayPause = false;
    m_sinceGesture.start();
}

void Setup::keepTried(const EditText &text)
{
    const std::shared_ptr<const Recipe> tried = m_recipe;
    // Nobody has to see the one before in between: that step leads back to it.
    if (auto before = std::exchange(m_beforeTrial, nullptr)) {
        m_recipe = std::move(before);
        edit(text, *tried);
    }
}

void Setup::dropTried()
{
    if (auto before = std::exchange(m_beforeTrial, nullptr))
        putInForce(std::move(before));
}

void Setup::applyRecipe(std::shared_ptr<const Recipe> recipe)
{
    m_beforeTrial.reset();
    putInForce(std::move(recipe));
}

void Setup::putInForce(std::shared_ptr<const Recipe> recipe)
{
    // Undo and redo lead to recipes that the model could follow before.
    auto seen = m_triedModel ? std::exchange(m_triedModel, nullptr) : modelFor(*recipe).value_or(model());
    if (seen != model()) {
        m_triedDecisions.clear();
        m_document.adoptRoles(std::move(seen), *this, recipe);
        return;
    }
    if (recipe->activation != m_recipe->activation)
        m_chain = std::make_shared<const ChainSearch>(findChain(*model(), recipe->activation));
    m_recipe = std::move(recipe);
    if (!m_triedDecisions.empty())
        m_decisions = std::exchange(m_triedDecisions, {});
    else if (auto decisions = resolve(*m_recipe, *model(), true))
        m_decisions = std::move(*decisions);
    const bool hadPreview = std::exchange(m_preview, {}) != nullptr;
    emit changed(hadPreview ? Change::Recipe | Change::Preview : Changes(Change::Recipe));
    m_analysis.schedule(m_mayPause ? kGesturePause : std::chrono::milliseconds(0));
}

void Setup::setPreview(std::shared_ptr<const Preview> preview)
{
    if (m_preview == preview)
        return;
    m_preview = std::move(preview);
    emit changed(Change::Preview);
}

void Setup::showInstead(std::shared_ptr<const Report> report)
{
    if (m_instead == report || (report && report->layers.size() != m_decisions.size()))
        return;
    m_instead = std::move(report);
    emit changed(Change::Results | Change::Preview);
}

void Setup::refuse(const Error &error)
{
    emit refused(text::words(error.sentence()));
    emit changed(Change::Refused);
}

QString Setup::keptReason(std::size_t layer) const
{
    if (const Text &reason = model()->layers[layer].keptReason; !reason.empty())
        return text::words(reason);
    const LayerReport *computed = report()->layers[layer].get();
    if (!canQuantize(layer) && computed)
        return text::words(computed->decision.reason);
    return reasonOf(m_decisions[layer]);
}

QString Setup::reasonOf(const Decision &decision)
{
    return decision.by == DecidedBy::User ? tr("unticked") : text::words(decision.reason);
}

std::size_t Setup::storedLayers() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(model()->layers, [](const Layer &layer) { return layer.stored != nullptr; }));
}

bool Setup::isShownQuantized(std::size_t layer) const
{
    if (m_instead)
        return m_instead->layers[layer] && m_instead->layers[layer]->decision.quantize;
    return m_preview ? m_preview->plan.decisions[layer].quantize : isQuantized(layer);
}

const Scheme *Setup::shownScheme(std::size_t layer) const
{
    if (m_instead)
        return isShownQuantized(layer) && m_instead->layers[layer]->hasScales() &&
                       m_instead->layers[layer]->quantization
                   ? &m_instead->layers[layer]->decision.scheme
                   : nullptr;
    if (isShownQuantized(layer))
        return m_preview ? &m_preview->plan.decisions[layer].scheme : &m_decisions[layer].scheme;
    return isStored(layer) ? &model()->layers[layer].stored->scheme : nullptr;
}

Result<void> Setup::saveRecipe(const QString &path)
{
    Recipe recipe = *m_recipe;
    if (report())
        recipe.chosenOn = report()->chosenOn.str();
    const std::string text = toJson(recipe);
    QSaveFile file(path);
    const bool written =
        file.open(QIODevice::WriteOnly) &&
        file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) && file.commit();
    if (!written)
        return fail(ErrorCode::Work, Text::of("the recipe cannot be written: {}", file.errorString().toStdString()),
                    path.toStdString());
    m_recipePath = path;
    m_document.undoStack().setClean();
    emit changed(Change::RecipePath);
    return {};
}

void Setup::remarkUnmatched()
{
    const std::vector<Text> unmatched = unmatchedRules(*m_recipe, *model());
    if (unmatched.empty())
        return;
    const QString first = text::sentence(unmatched.front());
    emit remarked(unmatched.size() == 1
                      ? first
                      : tr("%1 (and %2 more rules match nothing)").arg(first).arg(unmatched.size() - 1));
}

void Setup::openRecipe(const QString &path)
{
    if (!model())
        return;
    m_document.tasks().run(
        {m_recipeJob, tr("Reading …"), JobRank::Reading}, this,
        [path = path.toStdString(), opened = model()](const TaskContext &) { return loadRecipe(path, *opened); },
        [this, path](const Result<Recipe> &recipe) {
            if (!recipe) {
                refuse(recipe.error());
                return;
            }
            const QString name = path.section(QLatin1Char('/'), -1);
            if (!edit([name] { return tr("Apply the recipe %1").arg(name); }, *recipe))
                return;
            m_recipePath = path;
            m_document.undoStack().setClean();
            emit changed(Change::RecipePath);
            remarkUnmatched();
        });
}

} // namespace qs::ui
