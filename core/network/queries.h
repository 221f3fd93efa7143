// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about a Network: who makes and who takes a value, which nodes count, which nodes read a tensor.
#pragma once

#include "core/network/network.h"

#include <compare>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qs {

/// A node of a network, by position.
struct NodeRef {
    std::uint32_t graph = 0;
    std::uint32_t node = 0;
    auto operator<=>(const NodeRef &) const = default;
};

/// One place where a value is taken: input `input` of a node, or output `input` of the graph when the node is kAbsent.
struct ValueUse {
    NodeRef node;
    std::uint32_t input = 0;
};

/// Makers and takers of all values of a network, which must outlive it.
class NetworkLinks
{
public:
    explicit NetworkLinks(const Network &network);

    const Network &network() const { return m_network; }
    const NetworkNode &nodeAt(const NodeRef &node) const { return m_network.graphs[node.graph].nodes[node.node]; }
    /// The node that makes the value; empty for inputs, tensors and constants.
    std::optional<NodeRef> producerOf(std::uint32_t value) const;
    /// In the order of graphs and nodes; an output of a graph comes behind the graph's nodes.
    std::span<const ValueUse> usesOf(std::uint32_t value) const;
    /// Values that are this tensor of the Model: several, where a function that holds it is called more than once.
    std::span<const std::pair<std::size_t, std::uint32_t>> valuesOf(std::size_t tensor) const;

private:
    const Network &m_network;
    std::vector<NodeRef> m_producers;
    std::vector<std::size_t> m_firstUses; ///< per value, and one more where the uses end
    std::vector<ValueUse> m_uses;
    std::vector<std::pair<std::size_t, std::uint32_t>> m_tensors; ///< tensor, value
};

/// The first node that takes a value before it is there; empty when nodes can run in the order in which they stand.
std::optional<NodeRef> firstOutOfOrder(const NetworkLinks &links);

/// Per graph and node: true when an output of the network depends on it.
std::vector<std::vector<bool>> reachable(const NetworkLinks &links);

/// "Conv", "com.microsoft.FusedConv" → number of nodes.
std::map<std::string, std::size_t> operatorCounts(const Network &network);

/// The nodes that work with a tensor of the Model, ascending. Nodes that only hand its elements on (passesElements())
/// are left out: those behind them count instead.
std::vector<NodeRef> nodesReading(const NetworkLinks &links, std::size_t tensor);

/// True for standard operators whose first output holds the elements of the first input, in another layout or type:
/// Identity, Transpose, Reshape ….
bool passesElements(std::string_view op);

} // namespace qs
