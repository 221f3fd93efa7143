// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search_improver.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace qs {
namespace {

constexpr std::size_t kMostRuns = 160;       // of a whole search
constexpr std::size_t kRunsWithoutGain = 24; // the best predictions come first: what comes later helps ever less
constexpr std::size_t kPartners = 12;        // moves of single groups that are combined with each other

} // namespace

/// One group gets another choice, or two do.
struct SearchImprover::Move {
    std::vector<std::pair<std::size_t, std::size_t>> changes; ///< group, choice
    std::int64_t bytes = 0;
    double cost = 0;
};

SearchImprover::SearchImprover(const ChoiceTable &table, BytesOf bytesOf, Fits fits, Measure measure, double seconds,
                               std::stop_token enough)
    : m_table(table)
    , m_bytesOf(std::move(bytesOf))
    , m_fits(std::move(fits))
    , m_measure(std::move(measure))
    , m_end(std::chrono::steady_clock::now() +
            std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds)))
    , m_enough(std::move(enough))
{}

bool SearchImprover::mayRun()
{
    if (m_enough.stop_requested() || std::chrono::steady_clock::now() >= m_end)
        m_stoppedByTime = true;
    return !m_stoppedByTime && m_runs < kMostRuns;
}

double SearchImprover::costOf(std::size_t group, std::size_t choice) const
{
    double cost = 0;
    for (const std::size_t layer : m_table.groups()[group].layers)
        cost += m_table.cost(choice, layer);
    return cost;
}

/// Single moves and pairs of one that saves bytes with one that saves error, by what they are expected to do.
std::vector<SearchImprover::Move> SearchImprover::movesFrom(const SearchCandidate &candidate) const
{
    std::vector<Move> singles;
    for (std::size_t g = 0; g < candidate.choices.size(); ++g) {
        const std::size_t now = candidate.choices[g];
        for (const std::size_t choice : m_table.groups()[g].allowed)
            if (choice != now)
                singles.push_back(
                    {{{g, choice}},
                     static_cast<std::int64_t>(m_bytesOf(g, choice)) - static_cast<std::int64_t>(m_bytesOf(g, now)),
                     costOf(g, choice) - costOf(g, now)});
    }
    const auto perByte = [](const Move &move) { return move.cost / static_cast<double>(move.bytes); };
    std::vector<Move> larger; // most error saved for a byte
    std::vector<Move> smaller;
    for (const Move &move : singles)
        if (move.bytes != 0)
            (move.bytes > 0 ? larger : smaller).push_back(move);
    std::ranges::stable_sort(larger, {}, perByte);
    std::ranges::stable_sort(smaller, std::ranges::greater(), perByte);
    larger.resize(std::min(larger.size(), kPartners));
    smaller.resize(std::min(smaller.size(), kPartners));
    std::vector<Move> moves = std::move(singles);
    for (const Move &up : larger)
        for (const Move &down : smaller)
            if (up.changes[0].first != down.changes[0].first)
                moves.push_back({{up.changes[0], down.changes[0]}, up.bytes + down.bytes, up.cost + down.cost});
    std::ranges::stable_sort(moves, {}, &Move::cost);
    return moves;
}

/// Takes the first move that measures better; false when none of the best does.
Result<bool> SearchImprover::improveOnce(SearchCandidate &best, const TaskContext &context)
{
    std::size_t tried = 0;
    for (const Move &move : movesFrom(best)) {
        QS_CHECK(context.check());
        if (tried == kRunsWithoutGain || !mayRun())
            return false;
        SearchCandidate next = best;
        for (const auto &[group, choice] : move.changes)
            next.choices[group] = choice;
        next.bytes = static_cast<std::uint64_t>(static_cast<std::int64_t>(best.bytes) + move.bytes);
        next.cost = best.cost + move.cost;
        QS_ASSIGN(const bool fits, m_fits(next));
        if (!fits)
            continue;
        ++tried;
        ++m_runs;
        context.report(static_cast<double>(m_runs) / static_cast<double>(kMostRuns), Text::of("measuring candidates"));
        QS_ASSIGN(next.measured, m_measure(next.choices));
        if (next.measured && (!best.measured || *next.measured < *best.measured)) {
            best = std::move(next);
            return true;
        }
    }
    return false;
}

Result<SearchCandidate> SearchImprover::improve(SearchCandidate start, const TaskContext &context)
{
    for (bool better = true; better;) {
        QS_ASSIGN(better, improveOnce(start, context));
    }
    return start;
}

} // namespace qs
