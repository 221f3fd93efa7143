// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search.h"

#include "core/base/guarded.h"
#include "core/export/planner.h"
#include "core/search/frontier.h"
#include "core/search/search_improver.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr double kTableShare = 0.6; // of the progress
constexpr std::size_t kFrontierPoints = 200;
constexpr int kSizeRounds = 12;

class Search
{
public:
    Search(const Model &model, const ExportFormat &format, const SearchOptions &options, AnalysisCache &cache,
           const TaskContext &context, ChoiceTable table, Frontier frontier)
        : m_model(model)
        , m_format(format)
        , m_options(options)
        , m_cache(cache)
        , m_context(context)
        , m_table(std::move(table))
        , m_frontier(std::move(frontier))
    {
        std::uint64_t layers = 0;
        for (std::size_t g = 0; g < m_table.groups().size(); ++g)
            layers += fileBytes(g, m_table.uniformChoices().front()[g]);
        m_overhead = static_cast<std::int64_t>(m_table.uniform().front().bytes) - static_cast<std::int64_t>(layers);
    }

    Result<SearchResult> run()
    {
        const auto *error = std::get_if<ErrorBudget>(&m_options.budget);
        QS_ASSIGN(SearchCandidate best, error != nullptr ? smallestWithin(*error) : leastErrorWithin());
        return report(std::move(best));
    }

private:
    std::uint64_t sumOf(std::size_t group, std::size_t choice, bool plain) const
    {
        std::uint64_t bytes = 0;
        for (const std::size_t layer : m_table.groups()[group].layers)
            bytes += plain ? m_table.plainBytes(choice, layer) : m_table.fileBytes(choice, layer);
        return bytes;
    }
    std::uint64_t fileBytes(std::size_t group, std::size_t choice) const { return sumOf(group, choice, false); }

    bool countsPlainBytes() const { return std::holds_alternative<BitsBudget>(m_options.budget); }
    std::uint64_t budgetBytesOf(std::size_t group, std::size_t choice) const
    {
        return sumOf(group, choice, countsPlainBytes());
    }

    /// Of all groups together, by the table.
    std::uint64_t budgetBytes() const
    {
        double bytes = 0;
        if (const auto *bits = std::get_if<BitsBudget>(&m_options.budget))
            bytes = std::floor(bits->perWeight * static_cast<double>(m_table.weights()) / 8) -
                    static_cast<double>(m_table.lockedPlainBytes());
        else
            bytes = static_cast<double>(std::get<SizeBudget>(m_options.budget).bytes) - static_cast<double>(m_overhead);
        return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
    }

    SearchCandidate candidateAt(std::size_t point) const
    {
        return candidateOf(fromAllowed(m_frontier.choicesAt(point)));
    }
    SearchCandidate candidateOf(std::vector<std::size_t> choices) const
    {
        SearchCandidate result;
        for (std::size_t g = 0; g < choices.size(); ++g) {
            result.bytes += budgetBytesOf(g, choices[g]);
            for (const std::size_t layer : m_table.groups()[g].layers)
                result.cost += m_table.cost(choices[g], layer);
        }
        result.choices = std::move(choices);
        return result;
    }
    /// The frontier counts the choices that each group is allowed.
    std::vector<std::size_t> fromAllowed(std::vector<std::size_t> choices) const
    {
        for (std::size_t g = 0; g < choices.size(); ++g)
            choices[g] = m_table.groups()[g].allowed[choices[g]];
        return choices;
    }

    Result<std::uint64_t> fileSize(const std::vector<std::size_t> &choices) const
    {
        ExportOptions options{.overwrite = true, .keepNonFinite = true, .allowUnmatched = true};
        options.feed = m_options.analysis;
        QS_ASSIGN(const ExportPlan plan,
                  planExport(m_format, m_model, m_table.recipeOf(choices), fmt::format("model{}", m_format.suffix),
                             options, m_cache, {m_context.stop, {}}));
        if (!plan.refusals.empty())
            return fail(ErrorCode::Work, plan.refusals.front());
        return plan.bytes;
    }

    Result<bool> fits(const SearchCandidate &candidate) const
    {
        if (candidate.bytes > budgetBytes() + (countsPlainBytes() ? 0 : kNames))
            return false;
        if (countsPlainBytes())
            return true;
        QS_ASSIGN(const std::uint64_t bytes, fileSize(candidate.choices));
        return bytes <= std::get<SizeBudget>(m_options.budget).bytes;
    }

    Result<std::optional<double>> measure(const std::vector<std::size_t> &choices, bool heldOut) const
    {
        AnalyzeOptions options = m_options.analysis;
        options.outputError = OutputErrorRequest::Network;
        options.allowUnmatched = true;
        options.heldOut = heldOut;
        QS_ASSIGN(const auto report,
                  analyzeDecisions(m_model, m_table.recipeOf(choices), m_table.decisionsOf(choices), options, m_cache,
                                   {m_context.stop, {}}));
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

    std::unexpected<Error> tooSmall() const
    {
        const std::uint64_t least = m_frontier.points().front().bytes;
        if (countsPlainBytes())
            return fail(ErrorCode::Usage,
                        Text::of("the choices need at least {} bits per weight",
                                 fmt::format("{:.3f}", bitsPerWeight(least))));
        return fail(ErrorCode::Usage, Text::of("the smallest file that the choices give has about {} bytes, more than "
                                               "the {} that are allowed",
                                               static_cast<std::int64_t>(least) + m_overhead,
                                               std::get<SizeBudget>(m_options.budget).bytes));
    }

    double bitsPerWeight(std::uint64_t plainBytes) const
    {
        return 8 * static_cast<double>(plainBytes + m_table.lockedPlainBytes()) /
               static_cast<double>(std::max<std::uint64_t>(m_table.weights(), 1));
    }

    /// The best by the table whose file really fits: names and rules take bytes, too.
    Result<SearchCandidate> predictedBest() const
    {
        std::uint64_t bytes = budgetBytes();
        for (int round = 0; round < kSizeRounds; ++round) {
            const auto point = m_frontier.within(bytes);
            if (!point)
                return tooSmall();
            SearchCandidate candidate = candidateAt(*point);
            if (countsPlainBytes())
                return candidate;
            QS_ASSIGN(const std::uint64_t file, fileSize(candidate.choices));
            const std::uint64_t most = std::get<SizeBudget>(m_options.budget).bytes;
            if (file <= most)
                return candidate;
            const std::uint64_t less = std::max<std::uint64_t>(file - most, 1);
            bytes = m_frontier.points()[*point].bytes;
            bytes = bytes > less ? bytes - less : 0;
        }
        return tooSmall();
    }

    Result<SearchCandidate> leastErrorWithin()
    {
        QS_ASSIGN(SearchCandidate best, predictedBest());
        if (!measures() || m_options.seconds <= 0)
            return best;
        const auto measured = [this](const std::vector<std::size_t> &choices) { return measure(choices, heldOut()); };
        SearchImprover improver(
            m_table, [this](std::size_t group, std::size_t choice) { return budgetBytesOf(group, choice); },
            [this](const SearchCandidate &candidate) { return fits(candidate); }, measured, m_options.seconds);
        QS_ASSIGN(best.measured, measured(best.choices));
        for (std::size_t c = 0; c < m_table.uniform().size(); ++c) {
            SearchCandidate uniform = candidateOf(m_table.uniformChoices()[c]);
            uniform.measured = m_table.uniform()[c].measured;
            if (!uniform.measured || (best.measured && !(*uniform.measured < *best.measured)))
                continue;
            QS_ASSIGN(const bool small, fits(uniform));
            if (small)
                best = std::move(uniform);
        }
        QS_ASSIGN(best, improver.improve(std::move(best), m_context.part(kTableShare, 1)));
        m_runs = improver.runs() + 1;
        m_stoppedByTime = improver.stoppedByTime();
        return best;
    }

    /// The first point whose error, measured where that is possible, is small enough: measured errors fall with the
    /// predicted ones, so halving finds it.
    Result<SearchCandidate> smallestWithin(const ErrorBudget &budget)
    {
        const auto points = m_frontier.points();
        const auto predicted = m_frontier.cheapEnough(budget.relative * budget.relative - m_table.lockedCost());
        if (!measures() && !predicted)
            return fail(ErrorCode::Usage, Text::of("the smallest error that the choices give is {} %",
                                                   fmt::format("{:.3g}", 100 * std::sqrt(points.back().cost +
                                                                                         m_table.lockedCost()))));
        if (!measures())
            return candidateAt(*predicted);
        std::size_t low = 0;
        std::size_t high = points.size(); // good enough, or behind the last
        std::optional<SearchCandidate> best;
        std::size_t next = predicted.value_or(points.size() - 1);
        while (low < high) {
            QS_CHECK(m_context.check());
            SearchCandidate candidate = candidateAt(next);
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
        QS_ASSIGN(result.found.bytes, fileSize(best.choices));
        const std::vector<Decision> decisions = m_table.decisionsOf(best.choices);
        if (measures()) {
            QS_ASSIGN(result.found.measured, measure(best.choices, false)); // as analyze() does with the recipe
        }
        result.recipe.chosenOn = chosenOnText(decisions);
        std::uint64_t plain = 0;
        for (std::size_t g = 0; g < best.choices.size(); ++g) {
            plain += sumOf(g, best.choices[g], true);
            for (const std::size_t layer : m_table.groups()[g].layers)
                result.layers.push_back({layer, decisions[layer].quantize, decisions[layer].scheme,
                                         std::sqrt(m_table.cost(best.choices[g], layer)),
                                         m_table.fileBytes(best.choices[g], layer)});
        }
        std::ranges::sort(result.layers, {}, &SearchLayer::layer);
        result.bitsPerWeight = bitsPerWeight(plain);
        result.exact = m_frontier.exact();
        result.bound = std::holds_alternative<ErrorBudget>(m_options.budget)
                           ? result.found.predicted
                           : std::sqrt(m_frontier.lowerBound(budgetBytes()) + m_table.lockedCost());
        result.uniform = m_table.uniform();
        std::ranges::stable_sort(result.uniform, std::ranges::greater(), &SearchPoint::bytes);
        addFrontier(result);
        result.measuredRuns = m_runs;
        result.stoppedByTime = m_stoppedByTime;
        result.inputs = m_table.inputs();
        result.warnings = m_table.warnings();
        return result;
    }

    static std::string chosenOnText(const std::vector<Decision> &decisions)
    {
        for (const Decision &decision : decisions)
            if (decision.quantize && decision.scheme.needsInputs() && decision.moments)
                return decision.moments->about.str();
        return {};
    }

    void addFrontier(SearchResult &result) const
    {
        const auto points = m_frontier.points();
        const std::size_t count = std::min(points.size(), kFrontierPoints);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t index = count < 2 ? 0 : i * (points.size() - 1) / (count - 1);
            SearchPoint &point = result.frontier.emplace_back();
            std::int64_t bytes = m_overhead;
            const std::vector<std::size_t> choices = fromAllowed(m_frontier.choicesAt(index));
            for (std::size_t g = 0; g < choices.size(); ++g)
                bytes += static_cast<std::int64_t>(fileBytes(g, choices[g]));
            point.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0));
            point.predicted = std::sqrt(points[index].cost + m_table.lockedCost());
        }
    }

    static constexpr std::uint64_t kNames = 65536; // what names and rules may take less than under a uniform scheme

    const Model &m_model;
    const ExportFormat &m_format;
    const SearchOptions &m_options;
    AnalysisCache &m_cache;
    const TaskContext &m_context;
    ChoiceTable m_table;
    Frontier m_frontier;
    std::int64_t m_overhead = 0; ///< bytes of the file that belong to no free layer
    std::size_t m_runs = 0;
    bool m_stoppedByTime = false;
};

std::vector<FrontierItem> itemsOf(const ChoiceTable &table, bool plain)
{
    std::vector<FrontierItem> items;
    for (const ChoiceGroup &group : table.groups()) {
        FrontierItem &item = items.emplace_back();
        for (const std::size_t choice : group.allowed) {
            std::uint64_t &bytes = item.bytes.emplace_back(0);
            double &cost = item.costs.emplace_back(0);
            for (const std::size_t layer : group.layers) {
                bytes += plain ? table.plainBytes(choice, layer) : table.fileBytes(choice, layer);
                cost += table.cost(choice, layer);
            }
        }
    }
    return items;
}

} // namespace

Result<SearchResult> search(const Model &model, const Recipe &recipe, const ExportFormat &format,
                            const SearchOptions &options, AnalysisCache &cache, const TaskContext &context)
{
    return guarded([&]() -> Result<SearchResult> {
        QS_ASSIGN(ChoiceTable table,
                  ChoiceTable::make(model, recipe, format, options, cache, context.part(0, kTableShare)));
        const bool plain = std::holds_alternative<BitsBudget>(options.budget);
        QS_ASSIGN(Frontier frontier, Frontier::make(itemsOf(table, plain), context));
        return Search(model, format, options, cache, context, std::move(table), std::move(frontier)).run();
    });
}

} // namespace qs
