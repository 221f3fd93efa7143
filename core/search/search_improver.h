// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SearchImprover: measured runs of whole candidates around a first answer.
#pragma once

#include "core/search/search_space.h"

#include <chrono>
#include <functional>
#include <stop_token>

namespace qs {

/// Moves one or two groups to other choices, those of the best prediction first, and keeps what measures better.
class SearchImprover
{
public:
    /// Relative error of the network's output under a candidate; empty when it does not exist.
    using Measure = std::function<Result<std::optional<double>>(const std::vector<std::size_t> &choices)>;
    /// Bytes of a group under a choice, and whether a candidate is within the budget.
    using BytesOf = std::function<std::uint64_t(std::size_t group, std::size_t choice)>;
    using Fits = std::function<Result<bool>(const SearchCandidate &candidate)>;

    SearchImprover(const ChoiceTable &table, BytesOf bytesOf, Fits fits, Measure measure, double seconds,
                   std::stop_token enough);

    /// The best of `start` and what is found around it. Error{Cancelled} and those of measuring.
    Result<SearchCandidate> improve(SearchCandidate start, const TaskContext &context);

    std::size_t runs() const { return m_runs; }
    bool stoppedByTime() const { return m_stoppedByTime; }

private:
    struct Move;

    bool mayRun();
    double costOf(std::size_t group, std::size_t choice) const;
    std::vector<Move> movesFrom(const SearchCandidate &candidate) const;
    Result<bool> improveOnce(SearchCandidate &best, const TaskContext &context);

    const ChoiceTable &m_table;
    BytesOf m_bytesOf;
    Fits m_fits;
    Measure m_measure;
    std::chrono::steady_clock::time_point m_end;
    std::stop_token m_enough;
    std::size_t m_runs = 0;
    bool m_stoppedByTime = false;
};

} // namespace qs
