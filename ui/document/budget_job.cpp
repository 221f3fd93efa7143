// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/budget_job.h"

#include "core/export/planner.h"
#include "core/export/registry.h"
#include "ui/document/document.h"

#include <utility>

#include <fmt/format.h>

namespace qs::ui {

namespace {

constexpr double kFindSeconds = 60; // of measured runs

} // namespace

BudgetJob::BudgetJob(Setup &setup, const QString &id)
    : m_setup(setup)
    , m_measureJob(id + QStringLiteral(" choices"))
    , m_findJob(id + QStringLiteral(" search"))
    , m_sizeJob(id + QStringLiteral(" size"))
    , m_offer{.format = exportFormats().front()}
{
    connect(&setup.document().tasks(), &TaskRunner::progressed, this, [this](const QString &job, double fraction) {
        if (job != m_measureJob && job != m_findJob)
            return;
        m_progress = fraction;
        emit changed();
    });
    connect(&setup, &Setup::changed, this, [this](Changes changes) {
        if (changes & (Change::Recipe | Change::Analysis))
            follow();
        if (m_prepared && (changes & Change::Analysis))
            takeResults();
    });
}

void BudgetJob::setOffer(const Offer &offer)
{
    if (m_offer == offer)
        return;
    m_offer = offer;
    follow();
    emit changed();
}

BudgetJob::Basis BudgetJob::basis() const
{
    const AnalyzeOptions options = m_setup.analysisJob().options();
    if (m_baseOf != m_setup.sharedRecipe()) {
        m_baseOf = m_setup.sharedRecipe();
        m_baseRecipe = m_base.of(*m_baseOf);
    }
    return {m_setup.model(), m_baseRecipe, m_offer, options.inputs, options.outputError};
}

bool BudgetJob::isMeasuring() const
{
    return m_setup.document().tasks().isRunning(m_measureJob);
}

bool BudgetJob::isFinding() const
{
    return m_setup.document().tasks().isRunning(m_findJob);
}

void BudgetJob::forget()
{
    for (const QString &job : {m_measureJob, m_findJob, m_sizeJob})
        m_setup.document().tasks().drop(job);
    m_basis.reset();
    m_prepared.reset();
    m_frontier.clear();
    m_recipes.clear();
    m_tried.reset();
    m_found.reset();
    m_sized.reset();
    m_size.reset();
    m_today.reset();
    m_problem = {};
    m_stopped = false;
}

void BudgetJob::reset()
{
    forget();
    m_base.clear();
    m_baseOf.reset();
}

/// What is known is void when it is not about the recipe in force.
void BudgetJob::follow()
{
    if (m_setup.isTrying())
        return;
    if (m_basis && *m_basis != basis()) {
        forget();
        emit changed();
    }
    if (m_found && m_found->recipe != m_setup.recipe())
        m_found.reset();
}

void BudgetJob::update()
{
    if (!m_setup.model())
        return;
    follow();
    if (!m_basis)
        measure();
    else if (m_prepared)
        planToday();
}

void BudgetJob::measure()
{
    forget();
    m_basis = basis();
    m_progress = 0;
    SearchOptions options;
    options.bits = m_offer.bits;
    options.keep = m_offer.keepFloat;
    options.analysis = m_setup.analysisJob().options();
    options.analysis.wanted = {};
    options.analysis.teaching = {};
    m_setup.document().tasks().run(
        {m_measureJob, tr("Measuring choices"), JobRank::View}, this,
        [basis = *m_basis, options, cache = m_setup.document().cache()](const TaskContext &context) {
            return PreparedSearch::make(basis.model, basis.recipe, *basis.offer.format, options, cache, context);
        },
        [this](Result<std::shared_ptr<const PreparedSearch>> prepared) { take(std::move(prepared)); });
    emit changed();
}

void BudgetJob::take(Result<std::shared_ptr<const PreparedSearch>> prepared)
{
    if (prepared) {
        m_prepared = std::move(*prepared);
        m_frontier = m_prepared->frontier();
        planToday();
    } else {
        showProblem(prepared.error());
    }
    emit changed();
}

void BudgetJob::showProblem(const Error &error)
{
    m_stopped = error.code == ErrorCode::Cancelled;
    m_problem = m_stopped ? Text() : error.sentence();
}

void BudgetJob::stop()
{
    if (isFinding())
        m_enough.request_stop();
    else
        m_setup.document().tasks().cancel(m_measureJob);
}

void BudgetJob::find(const SearchBudget &budget)
{
    follow();
    if (!m_prepared)
        return;
    m_problem = {};
    m_stopped = false;
    m_progress = 0;
    m_enough = {};
    m_setup.document().tasks().run(
        {m_findJob, tr("Searching"), JobRank::View}, this,
        [prepared = m_prepared, budget, enough = m_enough.get_token()](const TaskContext &context) {
            return prepared->answer(budget, kFindSeconds, enough, context);
        },
        [this](Result<SearchResult> result) { takeFound(std::move(result)); });
    emit changed();
}

void BudgetJob::takeFound(Result<SearchResult> result)
{
    if (!result) {
        showProblem(result.error());
    } else {
        apply(result->recipe);
        m_found = std::move(*result);
    }
    emit changed();
}

void BudgetJob::addToBase(const Recipe &recipe)
{
    m_base.add(m_basis->recipe, recipe);
    m_baseOf.reset();
}

void BudgetJob::apply(const Recipe &recipe)
{
    if (m_basis)
        addToBase(recipe);
    m_setup.edit([] { return tr("Choose schemes by budget"); }, recipe);
}

void BudgetJob::tryPoint(std::size_t point)
{
    if (!m_prepared || point >= m_frontier.size() || m_tried == point)
        return;
    m_tried = point;
    auto &recipe = m_recipes[point];
    if (!recipe)
        recipe = std::make_shared<const Recipe>(m_prepared->recipeAt(point));
    m_today = m_frontier[point];
    m_setup.tryRecipe(recipe);
    emit changed();
}

void BudgetJob::keepTried()
{
    if (!m_tried)
        return;
    m_tried.reset();
    if (m_basis && m_setup.isTrying())
        addToBase(m_setup.recipe());
    m_setup.keepTried([] { return tr("Choose schemes by budget"); });
    emit changed();
}

void BudgetJob::dropTried()
{
    if (!m_tried)
        return;
    m_tried.reset();
    m_setup.dropTried();
    planToday();
    emit changed();
}

std::optional<double> BudgetJob::errorToday() const
{
    if (!m_prepared || m_setup.analysis() != Setup::Analysis::Done || !m_setup.report())
        return std::nullopt;
    const Report &report = *m_setup.report();
    if (m_prepared->metric() == SearchMetric::Weight)
        return report.total.quantized > 0 ? report.total.metrics.relativeError : std::optional<double>(0);
    if (report.outputError.kind != OutputErrorKind::Network)
        return std::nullopt;
    return report.outputError.relativeError;
}

/// The analysis of the recipe in force is done, or another one is in force.
void BudgetJob::takeResults()
{
    const std::optional<double> error = errorToday();
    const bool isOutput = m_prepared->metric() == SearchMetric::Output;
    if (error && isOutput)
        for (const auto &[point, recipe] : m_recipes)
            if (*recipe == m_setup.recipe())
                m_frontier[point].measured = *error;
    if (m_tried) {
        m_today = m_frontier[*m_tried];
        emit changed();
        return;
    }
    if (m_sized && m_sized == m_setup.sharedRecipe() && m_size && error) {
        m_today.emplace();
        m_today->bytes = *m_size;
        m_today->predicted = *error;
        if (isOutput)
            m_today->measured = *error;
    }
    emit changed();
}

void BudgetJob::planToday()
{
    if (m_setup.isTrying() || m_sized == m_setup.sharedRecipe())
        return;
    m_sized = m_setup.sharedRecipe();
    m_size.reset();
    m_setup.document().tasks().run(
        {m_sizeJob, tr("Planning the file"), JobRank::View}, this,
        [model = m_setup.model(), recipe = m_sized, format = m_offer.format, cache = m_setup.document().cache(),
         feed = m_setup.analysisJob().options()](const TaskContext &context) {
            ExportOptions options{.overwrite = true, .keepNonFinite = true, .allowUnmatched = true};
            options.feed = feed;
            return planExport(*format, *model, *recipe, fmt::format("model{}", format->suffix), options, *cache,
                              context);
        },
        [this](const Result<ExportPlan> &plan) {
            m_today.reset();
            if (plan && plan->refusals.empty())
                m_size = plan->bytes;
            if (m_prepared)
                takeResults();
        });
}

} // namespace qs::ui
