// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/makers.h"

#include "core/network/chain.h"
#include "core/network/families/families.h"
#include "core/network/network_source.h"

#include <array>

namespace qs {
namespace {

using Made = Result<std::shared_ptr<const Network>>;

Made fromFile(const Model &model, std::optional<Activation> /*activation*/, const TaskContext &context)
{
    if (!model.graph)
        return fail(ErrorCode::Work, Text::of("the file carries no graph"));
    return model.graph->network(model, context);
}

Made fromChain(const Model &model, std::optional<Activation> activation)
{
    const ChainSearch search = findChain(model, activation);
    if (!search.chain)
        return fail(ErrorCode::Work, search.reason);
    return std::make_shared<const Network>(networkOf(model, *search.chain));
}

Made declared(const Model &model, std::optional<Activation> activation, const TaskContext & /*context*/)
{
    if (!model.network)
        return fail(ErrorCode::Work, Text::of("the metadata declares no network"));
    return fromChain(model, activation);
}

Made byNames(const Model &model, std::optional<Activation> activation, const TaskContext & /*context*/)
{
    if (model.network)
        return fail(ErrorCode::Work, Text::of("names do not count beside a declared network"));
    return fromChain(model, activation);
}

Made fromConfig(const Model &model, std::optional<Activation> /*activation*/, const TaskContext & /*context*/)
{
    QS_ASSIGN(Network network, familyNetwork(model));
    return std::make_shared<const Network>(std::move(network));
}

constexpr std::array<NetworkMaker, 4> kMakers{{
    {Text::constant("from the file"), fromFile},
    {Text::constant("declared by the metadata"), declared},
    {Text::constant("built from config.json"), fromConfig},
    {Text::constant("assumed from names and shapes"), byNames},
}};

} // namespace

std::span<const NetworkMaker> networkMakers()
{
    return kMakers;
}

Result<NetworkSearch> findNetwork(const Model &model, std::optional<Activation> activation, const TaskContext &context)
{
    NetworkSearch result;
    for (const NetworkMaker &maker : kMakers) {
        auto made = maker.make(model, activation, context);
        if (made)
            return NetworkSearch{std::move(*made), Text::of(maker.source), {}};
        if (made.error().code == ErrorCode::Cancelled)
            return std::unexpected(std::move(made).error());
        const Text reason = made.error().sentence();
        result.reason = result.reason.empty() ? reason : Text::of("{}; {}", result.reason, reason);
    }
    return result;
}

} // namespace qs
