// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Attributes of a network's nodes.
#pragma once

#include "core/formats/onnx/network_frame.h"
#include "core/formats/onnx/whole_attribute.h"

#include <functional>
#include <optional>
#include <vector>

namespace qs::onnx {

/// Makes the attributes of one node after the other. Tensors in them become constants of the network, graphs become
/// bodies; inside functions an attribute may stand for one of the call. Error{Input} with the node's field and byte.
class NetworkAttributes
{
public:
    /// Adds a graph that `holder` holds to the network and returns its index there; `frame` is that of the holder.
    using AddBody = std::function<Result<std::uint32_t>(std::uint32_t graph, NetworkFrame &frame, const Node &holder)>;

    NetworkAttributes(Source &source, Network &network)
        : m_source(source)
        , m_network(network)
    {}

    /// The attributes of a node that stands in `frame`. One for which the call has no value is left out.
    Result<std::vector<NetworkAttribute>> read(const Node &node, NetworkFrame &frame, const AddBody &addBody);

private:
    /// An attribute with the node that holds it, and the frame that this node is in.
    struct Found {
        WholeAttribute attribute;
        NetworkFrame *frame = nullptr;
        const Node *node = nullptr;    ///< null for a default
        std::size_t firstSubgraph = 0; ///< of its graphs in node->subgraphs
    };

    Result<std::optional<Found>> resolve(Found found);
    Result<NetworkAttribute::Value> valueOf(const Found &found, const AddBody &addBody);
    Result<NetworkAttribute::Value> tensorValue(const Found &found);
    Result<NetworkAttribute::Value> graphValue(const Found &found, const AddBody &addBody);

    Source &m_source;
    Network &m_network;
    std::uint64_t m_constantBytes = 0;
};

/// The value of a Constant node that is no tensor of the model: strings, and what a function's caller hands in. Index
/// into the constants of `network`, which gets it.
std::optional<std::uint32_t> constantOf(const std::vector<NetworkAttribute> &attributes, Network &network);

} // namespace qs::onnx
