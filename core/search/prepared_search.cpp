// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/prepared_search.h"

#include "core/analysis/calibration.h"
#include "core/base/guarded.h"
#include "core/search/search_improver.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace qs {
namespace {

class Search
{
public:
    Search(const Model &model, const SearchOptions &options, AnalysisCache &cache, const TaskContext &context,
           const SearchSpace &space)
        : m_model(model)
        , m_options(options)
        , m_cache(cache)
        , m_context(context)
        , m_space(space)
        , m_table(space.table())
    {}

    Result<SearchResult> run()
    {
        const auto *error = std::get_if<ErrorBudget>(&m_options.budget);
        QS_ASSIGN(SearchCandidate best, error != nullptr ? smallestWithin(*error) : leastErrorWithin());
        return report(std::move(best));
    }

private:
    Result<std::optional<double>> measure(const std::vector<std::size_t> &choices, bool heldOut) const
    {
        AnalyzeOptions options = m_options.analysis;
        options.outputError = OutputErrorRequest::Network;
        options.allowUnmatched = true;
        options.heldOut = heldOut;
        QS_ASSIGN(const auto report, analyzeDecisions(m_model, m_table.recipeOf(choices), m_table.decisionsOf(choices),
                                                      options, m_cache, {m_context.stop, {}}));
        return report->outputError.relativeError;
    }
    bool measures() const { return m_table.metric() == SearchMetric::Output; }
    /// Samples that choose ranges or codes of some candidate measure none.
    bool heldOut() const
    {
        for (std::size_t c = 0; c < m_table.keptChoice(); ++c)
            if (m_table.schemeOf(c).needsInputs())
                return true;
        return false;
    }

    Result<SearchCandidate> leastErrorWithin()
    {
        QS_ASSIGN(SearchCandidate best, m_space.predictedBest());
        if (!measures() || m_options.seconds <= 0)
            return best;
        const auto measured = [this](const std::vector<std::size_t> &choices) { return measure(choices, heldOut()); };
        SearchImprover improver(
            m_table, [this](std::size_t group, std::size_t choice) { return m_space.budgetBytesOf(group, choice); },
            [this](const SearchCandidate &candidate) { return m_space.fits(candidate); }, measured, m_options.seconds,
            m_options.enough);
        QS_ASSIGN(best.measured, measured(best.choices));
        for (std::size_t c = 0; c < m_table.uniform().size(); ++c) {
            SearchCandidate uniform = m_space.candidateOf(m_table.uniformChoices()[c]);
            uniform.measured = m_table.uniform()[c].measured;
            if (!uniform.measured || (best.measured && !(*uniform.measured < *best.measured)))
                continue;
            QS_ASSIGN(const bool small, m_space.fits(uniform));
            if (small)
                best = std::move(uniform);
        }
        QS_ASSIGN(best, improver.improve(std::move(best), m_context));
        m_runs = improver.runs() + 1;
        m_stoppedByTime = improver.stoppedByTime();
        return best;
    }

    /// The first point whose error, measured where that is possible, is small enough: measured errors fall with the
    /// predicted ones, so halving finds it.
    Result<SearchCandidate> smallestWithin(const ErrorBudget &budget)
    {
        const auto points = m_space.frontier().points();
        const auto predicted = m_space.frontier().cheapEnough(budget.relative * budget.relative - m_table.lockedCost());
        if (!measures() && !predicted)
            return fail(ErrorCode::Usage,
                        Text::of("the smallest error that the choices give is {} %",
                                 fmt::format("{:.3g}", 100 * std::sqrt(points.back().cost + m_table.lockedCost()))));
        if (!measures())
            return m_space.candidateAt(*predicted);
        std::size_t low = 0;
        std::size_t high = points.size(); // good enough, or behind the last
        std::optional<SearchCandidate> best;
        std::size_t next = predicted.value_or(points.size() - 1);
        while (low < high) {
            QS_CHECK(m_context.check());
            m_stoppedByTime = best && m_options.enough.stop_requested();
            if (m_stoppedByTime)
                break;
            SearchCandidate candidate = m_space.candidateAt(next);
            QS_ASSIGN(candidate.measured, measure(candidate.choices, heldOut()));
            ++m_runs;
            if (candidate.measured && *candidate.measured <= budget.relative) {
                best = std::move(candidate);
                high = next;
            } else {
                low = next + 1;
            }
            // Near the prediction first, then by halves.
            const std::size_t step = std::max<std::size_t>(1, points.size() / 64);
            const bool near = m_runs < 8;
            next = near && best && high > low + step ? high - step : (low + high) / 2;
            if (near && !best)
                next = std::min(low + step, points.size() - 1);
        }
        if (!best)
            return fail(ErrorCode::Usage,
                        Text::of("none of the choices brings the output error to {} %", 100 * budget.relative));
        return *std::move(best);
    }

    Result<SearchResult> report(SearchCandidate best)
    {
        SearchResult result;
        result.recipe = m_table.recipeOf(best.choices);
        result.metric = m_table.metric();
        result.found.predicted = std::sqrt(best.cost + m_table.lockedCost());
        QS_ASSIGN(result.found.bytes, m_space.fileSize(best.choices));
        const std::vector<Decision> decisions = m_table.decisionsOf(best.choices);
        if (measures()) {
            QS_ASSIGN(result.found.measured, measure(best.choices, false)); // as analyze() does with the recipe
        }
        result.recipe.chosenOn = chosenOn(decisions).str();
        for (std::size_t g = 0; g < best.choices.size(); ++g)
            for (const std::size_t layer : m_table.groups()[g].layers)
                result.layers.push_back({layer, decisions[layer].quantize, decisions[layer].scheme,
                                         std::sqrt(m_table.cost(best.choices[g], layer)),
                                         m_table.fileBytes(best.choices[g], layer)});
        std::ranges::sort(result.layers, {}, &SearchLayer::layer);
        result.bitsPerWeight = m_space.bitsPerWeight(best.choices);
        result.exact = m_space.frontier().exact();
        result.bound = std::holds_alternative<ErrorBudget>(m_options.budget)
                           ? result.found.predicted
                           : std::sqrt(m_space.frontier().lowerBound(m_space.budgetBytes()) + m_table.lockedCost());
        result.uniform = m_table.uniform();
        std::ranges::stable_sort(result.uniform, std::ranges::greater(), &SearchPoint::bytes);
        result.frontier = m_space.points();
        result.measuredRuns = m_runs;
        result.stoppedByTime = m_stoppedByTime;
        result.inputs = m_table.inputs();
        result.warnings = m_table.warnings();
        return result;
    }

    const Model &m_model;
    const SearchOptions &m_options;
    AnalysisCache &m_cache;
    const TaskContext &m_context;
    const SearchSpace &m_space;
    const ChoiceTable &m_table;
    std::size_t m_runs = 0;
    bool m_stoppedByTime = false;
};

} // namespace

struct PreparedSearch::Parts {
    std::shared_ptr<const Model> model;
    const ExportFormat *format;
    SearchOptions options;
    std::shared_ptr<AnalysisCache> cache;
    ChoiceTable table;
    std::optional<SearchSpace> space = {}; ///< by bytes of the file
};

PreparedSearch::PreparedSearch(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
    , m_frontier(m_parts->space->points())
    , m_sampled(m_parts->space->sampled())
    , m_uniform(m_parts->table.uniform())
{
    std::ranges::stable_sort(m_uniform, std::ranges::greater(), &SearchPoint::bytes);
}

PreparedSearch::~PreparedSearch() = default;

Result<std::shared_ptr<const PreparedSearch>>
PreparedSearch::make(std::shared_ptr<const Model> model, const Recipe &recipe, const ExportFormat &format,
                     SearchOptions options, std::shared_ptr<AnalysisCache> cache, const TaskContext &context)
{
    return guarded([&]() -> Result<std::shared_ptr<const PreparedSearch>> {
        options.budget = SizeBudget{};
        QS_ASSIGN(ChoiceTable table, ChoiceTable::make(*model, recipe, format, options, *cache, context));
        auto parts = std::make_unique<Parts>(
            Parts{std::move(model), &format, std::move(options), std::move(cache), std::move(table)});
        QS_ASSIGN(SearchSpace space, SearchSpace::make(*parts->model, format, parts->options, *parts->cache,
                                                       parts->table, {context.stop, {}}));
        parts->space.emplace(std::move(space));
        return std::shared_ptr<const PreparedSearch>(new PreparedSearch(std::move(parts)));
    });
}

Recipe PreparedSearch::recipeAt(std::size_t point) const
{
    return m_parts->table.recipeOf(m_parts->space->candidateAt(m_sampled[point]).choices);
}

SearchMetric PreparedSearch::metric() const
{
    return m_parts->table.metric();
}

const Text &PreparedSearch::inputs() const
{
    return m_parts->table.inputs();
}

const std::vector<Text> &PreparedSearch::warnings() const
{
    return m_parts->table.warnings();
}

std::size_t PreparedSearch::freeLayers() const
{
    std::size_t count = 0;
    for (const ChoiceGroup &group : m_parts->table.groups())
        count += group.layers.size();
    return count;
}

Result<SearchResult> PreparedSearch::answer(const SearchBudget &budget, double seconds, const std::stop_token &enough,
                                            const TaskContext &context) const
{
    return guarded([&]() -> Result<SearchResult> {
        SearchOptions options = m_parts->options;
        options.budget = budget;
        options.seconds = seconds;
        options.enough = enough;
        QS_ASSIGN(const SearchSpace space, SearchSpace::make(*m_parts->model, *m_parts->format, options,
                                                             *m_parts->cache, m_parts->table, {context.stop, {}}));
        return Search(*m_parts->model, options, *m_parts->cache, context, space).run();
    });
}

} // namespace qs
