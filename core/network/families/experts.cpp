// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/families/experts.h"

#include <algorithm>

#include <fmt/format.h>

namespace qs {
namespace {

/// Shares of all experts, [tokens, 1] each; 0 for those that a row does not take.
Result<std::vector<GraphValue>> sharesOf(TransformerParts &parts, GraphValue x, const std::string &module,
                                         const ExpertSizes &sizes)
{
    GraphBuilder &graph = parts.graph();
    QS_ASSIGN(const GraphValue scores, parts.linear(x, module + "gate", sizes.hidden, sizes.experts));
    const GraphValue all = graph.addNode("Softmax", {scores}, {{"axis", std::int64_t{-1}}});
    const std::vector<GraphValue> best = graph.addNode(
        "TopK", {all, graph.addIntegers({static_cast<std::int64_t>(sizes.taken)})}, 2, {{"axis", std::int64_t{-1}}});
    GraphValue shares = best[0];
    if (sizes.sharesAddUp) {
        const GraphValue sum = graph.addNode("ReduceSum", {shares, graph.addIntegers({-1})});
        shares = graph.addNode("Div", {shares, sum});
    }
    const GraphValue none = graph.addNode("ConstantOfShape", {graph.addNode("Shape", {all})});
    const GraphValue taken = graph.addNode("ScatterElements", {none, best[1], shares}, {{"axis", std::int64_t{-1}}});
    return parts.split(taken, std::vector<std::int64_t>(sizes.experts, 1));
}

} // namespace

Result<ExpertSizes> expertSizes(const FamilyConfig &config, const ExpertNames &names, std::uint64_t hidden)
{
    ExpertSizes sizes;
    sizes.hidden = hidden;
    QS_ASSIGN(sizes.middle, config.size({names.middle}));
    QS_ASSIGN(sizes.experts, config.size({"num_local_experts", "num_experts"}));
    QS_ASSIGN(sizes.taken, config.size({"num_experts_per_tok"}));
    sizes.sharesAddUp = names.sharesAddUp || config.flagOr("norm_topk_prob", false);
    if (sizes.taken > sizes.experts)
        return fail(ErrorCode::Input, Text::of("config.json has {} experts, and each token takes {} of them",
                                               sizes.experts, sizes.taken));
    return sizes;
}

bool hasExperts(const FamilyConfig &config, std::uint64_t layer)
{
    const json::Value *const dense = config.find("mlp_only_layers");
    if (dense != nullptr && std::ranges::any_of(dense->items, [&](const json::Value &item) {
            return item.kind == json::Kind::Unsigned && item.number == layer;
        }))
        return false;
    return (layer + 1) % config.sizeOr("decoder_sparse_step", 1) == 0;
}

Result<GraphValue> mixExperts(TransformerParts &parts, GraphValue x, const std::string &module,
                              const ExpertNames &names, const ExpertSizes &sizes, std::string_view activation)
{
    GraphBuilder &graph = parts.graph();
    const std::string block = module + std::string(names.block);
    QS_ASSIGN(const std::vector<GraphValue> shares, sharesOf(parts, x, block, sizes));
    GraphValue sum = kAbsent;
    for (std::uint64_t expert = 0; expert < sizes.experts; ++expert) {
        const std::string one = fmt::format("{}experts.{}.", block, expert);
        QS_ASSIGN(GraphValue gate, parts.linear(x, one + std::string(names.gate), sizes.hidden, sizes.middle));
        QS_ASSIGN(gate, parts.activate(gate, activation));
        QS_ASSIGN(const GraphValue up, parts.linear(x, one + std::string(names.up), sizes.hidden, sizes.middle));
        QS_ASSIGN(const GraphValue made, parts.linear(graph.addNode("Mul", {gate, up}), one + std::string(names.down),
                                                      sizes.middle, sizes.hidden));
        const GraphValue weighted = graph.addNode("Mul", {made, shares[expert]});
        sum = sum == kAbsent ? weighted : parts.add(sum, weighted);
    }
    return sum;
}

} // namespace qs
