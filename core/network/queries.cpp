// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/queries.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace qs {
namespace {

constexpr std::array<std::string_view, 8> kPassing{
    "Identity", "Cast", "CastLike", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze",
};

/// Calls use(value, ValueUse) for every use in the network.
template <class Use> void forEachUse(const Network &network, Use use)
{
    for (std::uint32_t g = 0; g < network.graphs.size(); ++g) {
        const NetworkGraph &graph = network.graphs[g];
        for (std::uint32_t n = 0; n < graph.nodes.size(); ++n)
            for (std::uint32_t i = 0; i < graph.nodes[n].inputs.size(); ++i)
                if (const std::uint32_t value = graph.nodes[n].inputs[i]; value != kAbsent)
                    use(value, ValueUse{{g, n}, i});
        for (std::uint32_t i = 0; i < graph.outputs.size(); ++i)
            use(graph.outputs[i], ValueUse{{g, kAbsent}, i});
    }
}

/// Calls use(graph index) for every body that the node holds.
template <class Use> void forEachBody(const NetworkNode &node, Use use)
{
    for (const NetworkAttribute &attribute : node.attributes) {
        if (const auto *body = std::get_if<GraphRef>(&attribute.value))
            use(body->index);
        if (const auto *bodies = std::get_if<std::vector<GraphRef>>(&attribute.value))
            for (const GraphRef &body : *bodies)
                use(body.index);
    }
}

/// Walks through the nodes in the order in which they would run.
class OrderCheck
{
public:
    explicit OrderCheck(const NetworkLinks &links)
        : m_links(links)
        , m_done(links.network().values.size())
    {
        for (std::uint32_t i = 0; i < m_done.size(); ++i)
            m_done[i] = !links.producerOf(i);
    }

    /// Bodies nest as deep as messages of a file do, whose reader has a limit.
    std::optional<NodeRef> firstWrong(std::uint32_t graph)
    {
        const NetworkGraph &inside = m_links.network().graphs[graph];
        for (std::uint32_t n = 0; n < inside.nodes.size(); ++n) {
            const NetworkNode &node = inside.nodes[n];
            for (const std::uint32_t value : node.inputs)
                if (value != kAbsent && !m_done[value])
                    return NodeRef{graph, n};
            std::optional<NodeRef> wrong;
            forEachBody(node, [&](std::uint32_t body) {
                if (!wrong)
                    wrong = firstWrong(body);
            });
            if (wrong)
                return wrong;
            for (const std::uint32_t value : node.outputs)
                if (value != kAbsent)
                    m_done[value] = true;
        }
        return std::nullopt;
    }

private:
    const NetworkLinks &m_links;
    std::vector<bool> m_done;
};

} // namespace

NetworkLinks::NetworkLinks(const Network &network)
    : m_network(network)
    , m_producers(network.values.size(), NodeRef{kAbsent, kAbsent})
    , m_firstUses(network.values.size() + 1)
{
    for (std::uint32_t g = 0; g < network.graphs.size(); ++g)
        for (std::uint32_t n = 0; n < network.graphs[g].nodes.size(); ++n)
            for (const std::uint32_t value : network.graphs[g].nodes[n].outputs)
                if (value != kAbsent)
                    m_producers[value] = {g, n};
    forEachUse(network, [this](std::uint32_t value, const ValueUse &) { ++m_firstUses[value + 1]; });
    for (std::size_t i = 1; i < m_firstUses.size(); ++i)
        m_firstUses[i] += m_firstUses[i - 1];
    m_uses.resize(m_firstUses.back());
    std::vector<std::size_t> next = m_firstUses;
    forEachUse(network, [&](std::uint32_t value, const ValueUse &use) { m_uses[next[value]++] = use; });
    for (std::uint32_t i = 0; i < network.values.size(); ++i)
        if (network.values[i].tensor)
            m_tensors.emplace_back(*network.values[i].tensor, i);
    std::ranges::sort(m_tensors);
}

std::optional<NodeRef> NetworkLinks::producerOf(std::uint32_t value) const
{
    const NodeRef &node = m_producers[value];
    return node.node == kAbsent ? std::nullopt : std::optional(node);
}

std::span<const ValueUse> NetworkLinks::usesOf(std::uint32_t value) const
{
    return std::span(m_uses).subspan(m_firstUses[value], m_firstUses[value + 1] - m_firstUses[value]);
}

std::span<const std::pair<std::size_t, std::uint32_t>> NetworkLinks::valuesOf(std::size_t tensor) const
{
    const auto found = std::ranges::equal_range(m_tensors, tensor, {}, [](const auto &entry) { return entry.first; });
    return {found.begin(), found.end()};
}

std::optional<NodeRef> firstOutOfOrder(const NetworkLinks &links)
{
    return OrderCheck(links).firstWrong(0);
}

std::vector<std::vector<bool>> reachable(const NetworkLinks &links)
{
    const Network &network = links.network();
    std::vector<std::vector<bool>> result;
    for (const NetworkGraph &graph : network.graphs)
        result.emplace_back(graph.nodes.size());
    std::vector<std::uint32_t> wanted = network.graphs[0].outputs;
    while (!wanted.empty()) {
        const std::optional<NodeRef> node = links.producerOf(wanted.back());
        wanted.pop_back();
        if (!node || result[node->graph][node->node])
            continue;
        result[node->graph][node->node] = true;
        const NetworkNode &maker = links.nodeAt(*node);
        std::ranges::copy_if(maker.inputs, std::back_inserter(wanted), [](auto value) { return value != kAbsent; });
        forEachBody(maker, [&](std::uint32_t body) {
            std::ranges::copy(network.graphs[body].outputs, std::back_inserter(wanted));
        });
    }
    return result;
}

std::map<std::string, std::size_t> operatorCounts(const Network &network)
{
    std::map<std::string, std::size_t> result;
    for (const NetworkGraph &graph : network.graphs)
        for (const NetworkNode &node : graph.nodes)
            ++result[node.domain.empty() ? node.op : node.domain + "." + node.op];
    return result;
}

std::vector<NodeRef> nodesReading(const NetworkLinks &links, std::size_t tensor)
{
    const Network &network = links.network();
    std::vector<NodeRef> result;
    std::vector<std::uint32_t> open;
    std::unordered_set<std::uint32_t> seen;
    const auto follow = [&](std::uint32_t value) {
        if (value != kAbsent && seen.insert(value).second)
            open.push_back(value);
    };
    for (const auto &[index, value] : links.valuesOf(tensor))
        follow(value);
    while (!open.empty()) {
        const std::uint32_t value = open.back();
        open.pop_back();
        for (const ValueUse &use : links.usesOf(value)) {
            if (use.node.node == kAbsent) { // a branch hands it to the node that holds it
                const NetworkGraph &body = network.graphs[use.node.graph];
                if (body.parent == kAbsent)
                    continue;
                const NetworkNode &holder = links.nodeAt({body.parent, body.parentNode});
                if (holder.op == "If" && use.input < holder.outputs.size())
                    follow(holder.outputs[use.input]);
                continue;
            }
            const NetworkNode &node = links.nodeAt(use.node);
            const bool quantizes = node.op == "QuantizeLinear" || node.op == "DequantizeLinear";
            const bool passes = node.domain.empty() ? quantizes || passesElements(node.op)
                                                    : quantizes && node.domain == "com.microsoft";
            if (passes && use.input == 0 && !node.outputs.empty())
                follow(node.outputs[0]);
            else
                result.push_back(use.node);
        }
    }
    std::ranges::sort(result);
    const auto repeats = std::ranges::unique(result);
    result.erase(repeats.begin(), repeats.end());
    return result;
}

bool passesElements(std::string_view op)
{
    return std::ranges::find(kPassing, op) != kPassing.end();
}

} // namespace qs
