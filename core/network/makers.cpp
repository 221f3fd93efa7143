// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/makers.h"

#include "core/network/chain.h"
#include "core/network/network_source.h"

#include <array>

#include <fmt/format.h>

namespace qs {
namespace {

using Made = Result<std::shared_ptr<const Network>>;

Made fromFile(const Model &model, std::optional<Activation> /*activation*/, const TaskContext &context)
{
    if (!model.graph)
        return fail(ErrorCode::Work, "the file carries no graph");
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
        return fail(ErrorCode::Work, "the metadata declares no network");
    return fromChain(model, activation);
}

Made byNames(const Model &model, std::optional<Activation> activation, const TaskContext & /*context*/)
{
    if (model.network)
        return fail(ErrorCode::Work, "names do not count beside a declared network");
    return fromChain(model, activation);
}

constexpr std::array<NetworkMaker, 3> kMakers{{
    {"from the file", fromFile},
    {"declared by the metadata", declared},
    {"assumed from names and shapes", byNames},
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
            return NetworkSearch{std::move(*made), maker.source, {}};
        if (made.error().code == ErrorCode::Cancelled)
            return std::unexpected(std::move(made).error());
        result.reason += fmt::format("{}{}", result.reason.empty() ? "" : "; ", made.error().text());
    }
    return result;
}

} // namespace qs
