// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search.h"

#include "core/search/prepared_search.h"

namespace qs {
namespace {

constexpr double kTableShare = 0.6; // of the progress

} // namespace

Result<SearchResult> search(const Model &model, const Recipe &recipe, const ExportFormat &format,
                            const SearchOptions &options, AnalysisCache &cache, const TaskContext &context)
{
    // The caller keeps both until this function returns.
    const std::shared_ptr<const Model> sameModel(std::shared_ptr<const Model>(), &model);
    const std::shared_ptr<AnalysisCache> sameCache(std::shared_ptr<AnalysisCache>(), &cache);
    QS_ASSIGN(const auto prepared,
              PreparedSearch::make(sameModel, recipe, format, options, sameCache, context.part(0, kTableShare)));
    return prepared->answer(options.budget, options.seconds, options.enough, context.part(kTableShare, 1));
}

} // namespace qs
