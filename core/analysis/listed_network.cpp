// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/listed_network.h"

#include "core/eval/network_feed.h"
#include "core/eval/run_plan.h"

namespace qs {
namespace {

constexpr std::uint64_t kFeedBytes = std::uint64_t{1} << 30U;

/// What the network would be fed.
Result<Text> feedOf(const Model &model, const NetworkSearch &search)
{
    QS_CHECK(RunPlan::make(model, search.network));
    MemoryBudget budget(kFeedBytes);
    QS_ASSIGN(const NetworkFeed feed, graphFeed(*search.network, {}, budget));
    return feed.about;
}

} // namespace

Result<ListedNetwork> listNetwork(const Model &model, std::optional<Activation> activation, const TaskContext &context)
{
    ListedNetwork result;
    QS_ASSIGN(result.search, findNetwork(model, activation, context));
    if (!result.search.network)
        return result;
    Result<Text> feed = feedOf(model, result.search);
    if (feed)
        result.feed = *feed;
    else
        result.problem = feed.error().sentence();
    return result;
}

} // namespace qs
