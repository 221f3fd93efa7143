// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds a Network from the graphs of an ONNX file.
#pragma once

#include "core/formats/onnx/scopes.h"
#include "core/formats/onnx/whole_attribute.h"
#include "core/model/model.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace qs::onnx {

class NetworkBuilder
{
public:
    NetworkBuilder(Source &source, const ModelFile &file, const Scopes &scopes, std::span<const GraphTensor> tensors,
                   const Model &model);

    Result<Network> build();

private:
    /// What the file says of a function beside its nodes.
    struct Function {
        std::map<std::string, std::int64_t> opsets;
        std::vector<Range> defaults; ///< AttributeProtos for calls that leave them out
    };
    /// The main graph, or one call of a function: what the values of its graphs are in the network.
    struct Frame {
        const Node *call = nullptr;
        Frame *outer = nullptr; ///< that holds the call
        const Function *function = nullptr;
        std::string prefix;                                      ///< of names
        std::unordered_map<std::uint32_t, std::uint32_t> values; ///< value of Scopes → value of the network
        std::vector<std::uint32_t> defined;                      ///< keys of `values`, in the order in which they came
    };
    /// An attribute with the node that holds it, and the frame that this node is in.
    struct FoundAttribute {
        WholeAttribute attribute;
        Frame *frame = nullptr;
        const Node *node = nullptr;    ///< null for a default
        std::size_t firstSubgraph = 0; ///< of its graphs in node->subgraphs
    };
    /// Where a node stands in the network.
    struct Place {
        std::uint32_t graph = 0;
        std::uint32_t node = 0;
    };

    Result<std::uint32_t> addBody(std::uint32_t graph, Frame &frame, const Node &holder, const Place &place);
    Result<void> addGraph(std::uint32_t graph, Frame &frame, std::uint32_t target);
    Result<void> defineValues(std::uint32_t graph, Frame &frame, std::uint32_t target);
    Result<std::uint32_t> define(std::uint32_t value, std::string_view name, Frame &frame, std::uint32_t target);
    Result<void> addNodes(std::uint32_t graph, Frame &frame, std::uint32_t target);
    Result<void> addNode(const Node &node, Frame &frame, std::uint32_t target);
    Result<void> pushNode(NetworkNode node, std::uint32_t target, const Node &source, bool inCall);
    Result<void> inlineCall(const Node &call, std::uint32_t function, Frame &outer, std::uint32_t target);
    Result<std::uint32_t> inputOf(const Node &node, std::size_t input, const Frame &frame) const;
    std::int64_t versionOf(std::string_view domain, const Frame &frame) const;

    // network_attributes.cpp
    Result<std::vector<NetworkAttribute>> attributesOf(const Node &node, Frame &frame, const Place &place);
    Result<std::optional<FoundAttribute>> resolve(FoundAttribute found);
    Result<NetworkAttribute::Value> valueOf(const FoundAttribute &found, const Place &place);
    Result<NetworkAttribute::Value> tensorValue(const FoundAttribute &found);
    Result<NetworkAttribute::Value> graphValue(const FoundAttribute &found, const Place &place);
    Result<const Function *> functionOf(std::uint32_t graph);
    std::optional<std::uint32_t> constantOf(const std::vector<NetworkAttribute> &attributes);
    std::uint32_t addConstant(NetworkConstant constant);

    Result<void> nest(const Node &node);
    Result<void> countCalled(const Node &node);
    Result<void> charge(std::uint64_t bytes, const Node &node);
    std::unexpected<Error> wrong(const Node &node, std::string message) const;

    Source &m_source;
    const ModelFile &m_file;
    const Scopes &m_scopes;
    std::span<const GraphTensor> m_tensors;
    const Model &m_model;
    std::vector<std::vector<std::size_t>> m_initializers; ///< per graph, indices into m_tensors
    std::unordered_map<std::uint32_t, Function> m_functions;
    std::size_t m_nodes = 0;
    std::size_t m_called = 0; ///< calls of functions, and nodes that they come to
    int m_depth = 0;          ///< of bodies and calls around the node at hand
    std::uint64_t m_constantBytes = 0;
    Network m_network;
};

/// Types and shapes that a graph says of its values by name; `names` leads to values of `network`. What is known
/// already stays.
Result<void> readValueTypes(Source &source, const Graph &graph,
                            const std::unordered_map<std::string_view, std::uint32_t> &names, Network &network);

} // namespace qs::onnx
