// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SearchSpace: candidates of a search, what they take of its budget, and which of them are promising.
#pragma once

#include "core/search/choice_table.h"
#include "core/search/frontier.h"

namespace qs {

/// A candidate: a choice for each group, and what it comes to.
struct SearchCandidate {
    std::vector<std::size_t> choices;
    std::uint64_t bytes = 0; ///< of the groups by the table: in the file, or those of BitsBudget
    double cost = 0;         ///< by the table, without locked layers
    std::optional<double> measured = {};
};

class SearchSpace
{
public:
    /// All must outlive this object.
    static Result<SearchSpace> make(const Model &model, const ExportFormat &format, const SearchOptions &options,
                                    AnalysisCache &cache, const ChoiceTable &table, const TaskContext &context);

    const ChoiceTable &table() const { return m_table; }
    const Frontier &frontier() const { return m_frontier; }
    SearchCandidate candidateAt(std::size_t point) const;
    SearchCandidate candidateOf(std::vector<std::size_t> choices) const;
    std::uint64_t budgetBytesOf(std::size_t group, std::size_t choice) const;
    /// For all groups together, by the table.
    std::uint64_t budgetBytes() const;
    /// Of the whole file, exactly.
    Result<std::uint64_t> fileSize(const std::vector<std::size_t> &choices) const;
    Result<bool> fits(const SearchCandidate &candidate) const;
    /// The best by the table that fits(): names and rules take bytes of the file, too. Error{Usage} with the smallest
    /// size that there is.
    Result<SearchCandidate> predictedBest() const;
    double bitsPerWeight(const std::vector<std::size_t> &choices) const;
    /// Points of the frontier, at most a few hundred that are spread over it.
    std::vector<std::size_t> sampled() const;
    /// Those.
    std::vector<SearchPoint> points() const;

private:
    SearchSpace(const Model &model, const ExportFormat &format, const SearchOptions &options, AnalysisCache &cache,
                const ChoiceTable &table, Frontier frontier, TaskContext context);

    std::uint64_t sumOf(std::size_t group, std::size_t choice, bool plain) const;
    bool countsPlainBytes() const { return std::holds_alternative<BitsBudget>(m_options.budget); }
    double bitsOf(std::uint64_t plainBytes) const;
    std::vector<std::size_t> choicesAt(std::size_t point) const;
    std::unexpected<Error> tooSmall() const;

    const Model &m_model;
    const ExportFormat &m_format;
    const SearchOptions &m_options;
    AnalysisCache &m_cache;
    const ChoiceTable &m_table;
    Frontier m_frontier;
    TaskContext m_context;       ///< tells no progress
    std::int64_t m_overhead = 0; ///< bytes of the file that belong to no free layer
};

} // namespace qs
