// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PreparedSearch: what search() measures before it is asked for a budget, to be asked for any number of them.
#pragma once

#include "core/search/search.h"

#include <memory>
#include <vector>

namespace qs {

/// The choices of all layers with their bytes and errors, and the best of them for every budget. Never changes, so that
/// several threads may ask.
class PreparedSearch
{
public:
    /// The budget among the options does not matter. Errors as those of search().
    static Result<std::shared_ptr<const PreparedSearch>> make(std::shared_ptr<const Model> model, const Recipe &recipe,
                                                              const ExportFormat &format, SearchOptions options,
                                                              std::shared_ptr<AnalysisCache> cache,
                                                              const TaskContext &context);
    ~PreparedSearch();

    /// By ascending bytes of the file and descending predicted error; at most a few hundred, and at least one.
    const std::vector<SearchPoint> &frontier() const { return m_frontier; }
    Recipe recipeAt(std::size_t point) const; ///< of frontier()
    /// All layers alike, by descending bytes.
    const std::vector<SearchPoint> &uniform() const { return m_uniform; }
    SearchMetric metric() const;
    const Text &inputs() const;                ///< as SearchResult::inputs
    const std::vector<Text> &warnings() const; ///< as SearchResult::warnings
    std::size_t freeLayers() const;            ///< that can be decided

    /// What search() finds with these seconds, and with `enough` (SearchOptions).
    Result<SearchResult> answer(const SearchBudget &budget, double seconds, const std::stop_token &enough,
                                const TaskContext &context) const;

private:
    struct Parts;
    explicit PreparedSearch(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> m_parts;
    std::vector<SearchPoint> m_frontier;
    std::vector<std::size_t> m_sampled; ///< where those are on the whole frontier
    std::vector<SearchPoint> m_uniform;
};

} // namespace qs
