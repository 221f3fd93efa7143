// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search_space.h"

#include "core/export/planner.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::size_t kFrontierPoints = 200;
constexpr int kSizeRounds = 12;
constexpr std::uint64_t kNames = 65536; // that names and rules may take less than under a uniform scheme

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

Result<SearchSpace> SearchSpace::make(const Model &model, const ExportFormat &format, const SearchOptions &options,
                                      AnalysisCache &cache, const ChoiceTable &table, const TaskContext &context)
{
    const bool plain = std::holds_alternative<BitsBudget>(options.budget);
    QS_ASSIGN(Frontier frontier, Frontier::make(itemsOf(table, plain), context));
    return SearchSpace(model, format, options, cache, table, std::move(frontier), {context.stop, {}});
}

SearchSpace::SearchSpace(const Model &model, const ExportFormat &format, const SearchOptions &options,
                         AnalysisCache &cache, const ChoiceTable &table, Frontier frontier, TaskContext context)
    : m_model(model)
    , m_format(format)
    , m_options(options)
    , m_cache(cache)
    , m_table(table)
    , m_frontier(std::move(frontier))
    , m_context(std::move(context))
{
    std::uint64_t layers = 0;
    for (std::size_t g = 0; g < m_table.groups().size(); ++g)
        layers += sumOf(g, m_table.uniformChoices().front()[g], false);
    m_overhead = static_cast<std::int64_t>(m_table.uniform().front().bytes) - static_cast<std::int64_t>(layers);
}

std::uint64_t SearchSpace::sumOf(std::size_t group, std::size_t choice, bool plain) const
{
    std::uint64_t bytes = 0;
    for (const std::size_t layer : m_table.groups()[group].layers)
        bytes += plain ? m_table.plainBytes(choice, layer) : m_table.fileBytes(choice, layer);
    return bytes;
}

std::uint64_t SearchSpace::budgetBytesOf(std::size_t group, std::size_t choice) const
{
    return sumOf(group, choice, countsPlainBytes());
}

std::uint64_t SearchSpace::budgetBytes() const
{
    double bytes = 0;
    if (const auto *bits = std::get_if<BitsBudget>(&m_options.budget))
        bytes = std::floor(bits->perWeight * static_cast<double>(m_table.weights()) / 8) -
                static_cast<double>(m_table.lockedPlainBytes());
    else if (const auto *size = std::get_if<SizeBudget>(&m_options.budget))
        bytes = static_cast<double>(size->bytes) - static_cast<double>(m_overhead);
    return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

/// The frontier counts the choices that each group is allowed.
std::vector<std::size_t> SearchSpace::choicesAt(std::size_t point) const
{
    std::vector<std::size_t> choices = m_frontier.choicesAt(point);
    for (std::size_t g = 0; g < choices.size(); ++g)
        choices[g] = m_table.groups()[g].allowed[choices[g]];
    return choices;
}

SearchCandidate SearchSpace::candidateAt(std::size_t point) const
{
    return candidateOf(choicesAt(point));
}

SearchCandidate SearchSpace::candidateOf(std::vector<std::size_t> choices) const
{
    SearchCandidate result{std::move(choices)};
    for (std::size_t g = 0; g < result.choices.size(); ++g) {
        result.bytes += budgetBytesOf(g, result.choices[g]);
        for (const std::size_t layer : m_table.groups()[g].layers)
            result.cost += m_table.cost(result.choices[g], layer);
    }
    return result;
}

Result<std::uint64_t> SearchSpace::fileSize(const std::vector<std::size_t> &choices) const
{
    ExportOptions options{.overwrite = true, .keepNonFinite = true, .allowUnmatched = true};
    options.feed = m_options.analysis;
    QS_ASSIGN(const ExportPlan plan, planExport(m_format, m_model, m_table.recipeOf(choices),
                                                fmt::format("model{}", m_format.suffix), options, m_cache, m_context));
    if (!plan.refusals.empty())
        return fail(ErrorCode::Work, plan.refusals.front());
    return plan.bytes;
}

Result<bool> SearchSpace::fits(const SearchCandidate &candidate) const
{
    if (candidate.bytes > budgetBytes() + (countsPlainBytes() ? 0 : kNames))
        return false;
    const auto *size = std::get_if<SizeBudget>(&m_options.budget);
    if (size == nullptr)
        return true;
    QS_ASSIGN(const std::uint64_t bytes, fileSize(candidate.choices));
    return bytes <= size->bytes;
}

double SearchSpace::bitsOf(std::uint64_t plainBytes) const
{
    return 8 * static_cast<double>(plainBytes + m_table.lockedPlainBytes()) /
           static_cast<double>(std::max<std::uint64_t>(m_table.weights(), 1));
}

double SearchSpace::bitsPerWeight(const std::vector<std::size_t> &choices) const
{
    std::uint64_t plain = 0;
    for (std::size_t g = 0; g < choices.size(); ++g)
        plain += sumOf(g, choices[g], true);
    return bitsOf(plain);
}

std::unexpected<Error> SearchSpace::tooSmall() const
{
    const std::uint64_t least = m_frontier.points().front().bytes;
    if (countsPlainBytes())
        return fail(ErrorCode::Usage,
                    Text::of("the choices need at least {} bits per weight", fmt::format("{:.3f}", bitsOf(least))));
    return fail(ErrorCode::Usage,
                Text::of("the smallest file that the choices give has about {} bytes, more than "
                         "the {} that are allowed",
                         static_cast<std::int64_t>(least) + m_overhead, std::get<SizeBudget>(m_options.budget).bytes));
}

Result<SearchCandidate> SearchSpace::predictedBest() const
{
    std::uint64_t bytes = budgetBytes();
    const auto *size = std::get_if<SizeBudget>(&m_options.budget);
    for (int round = 0; round < kSizeRounds; ++round) {
        const auto point = m_frontier.within(bytes);
        if (!point)
            return tooSmall();
        SearchCandidate candidate = candidateAt(*point);
        if (size == nullptr)
            return candidate;
        QS_ASSIGN(const std::uint64_t file, fileSize(candidate.choices));
        if (file <= size->bytes)
            return candidate;
        const std::uint64_t less = file - size->bytes;
        bytes = candidate.bytes > less ? candidate.bytes - less : 0;
    }
    return tooSmall();
}

std::vector<std::size_t> SearchSpace::sampled() const
{
    const std::size_t all = m_frontier.points().size();
    const std::size_t count = std::min(all, kFrontierPoints);
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < count; ++i)
        result.push_back(count < 2 ? 0 : i * (all - 1) / (count - 1));
    return result;
}

std::vector<SearchPoint> SearchSpace::points() const
{
    const auto all = m_frontier.points();
    std::vector<SearchPoint> result;
    for (const std::size_t index : sampled()) {
        const std::vector<std::size_t> choices = choicesAt(index);
        std::int64_t bytes = m_overhead;
        for (std::size_t g = 0; g < choices.size(); ++g)
            bytes += static_cast<std::int64_t>(sumOf(g, choices[g], false));
        SearchPoint &point = result.emplace_back();
        point.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0));
        point.predicted = std::sqrt(all[index].cost + m_table.lockedCost());
    }
    return result;
}

} // namespace qs
