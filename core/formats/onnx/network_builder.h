// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds a Network from the graphs of an ONNX file.
#pragma once

#include "core/formats/onnx/network_attributes.h"
#include "core/formats/onnx/scopes.h"
#include "core/model/model.h"

#include <span>
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
    /// Where a node stands in the network.
    struct Place {
        std::uint32_t graph = 0;
        std::uint32_t node = 0;
    };

    Result<std::uint32_t> addBody(std::uint32_t graph, NetworkFrame &frame, const Node &holder, const Place &place);
    Result<void> addGraph(std::uint32_t graph, NetworkFrame &frame, std::uint32_t target);
    Result<void> defineValues(std::uint32_t graph, NetworkFrame &frame, std::uint32_t target);
    Result<std::uint32_t> define(std::uint32_t value, std::string_view name, NetworkFrame &frame, std::uint32_t target);
    Result<void> addNodes(std::uint32_t graph, NetworkFrame &frame, std::uint32_t target);
    Result<void> addNode(const Node &node, NetworkFrame &frame, std::uint32_t target);
    Result<void> pushNode(NetworkNode node, std::uint32_t target, const Node &source, bool inCall);
    Result<void> inlineCall(const Node &call, std::uint32_t function, NetworkFrame &outer, std::uint32_t target);
    Result<std::uint32_t> inputOf(const Node &node, std::size_t input, const NetworkFrame &frame) const;
    std::int64_t versionOf(std::string_view domain, const NetworkFrame &frame) const;
    Result<const NetworkFunction *> functionOf(std::uint32_t graph);
    Result<void> nest(const Node &node);
    Result<void> countCalled(const Node &node);
    Result<void> charge(std::uint64_t bytes, const Node &node);
    std::unexpected<Error> wrong(const Node &node, Text message) const;

    Source &m_source;
    const ModelFile &m_file;
    const Scopes &m_scopes;
    std::span<const GraphTensor> m_tensors;
    const Model &m_model;
    std::vector<std::vector<std::size_t>> m_initializers; ///< per graph, indices into m_tensors
    std::unordered_map<std::uint32_t, NetworkFunction> m_functions;
    std::size_t m_nodes = 0;
    std::size_t m_called = 0; ///< calls of functions, and nodes that they come to
    int m_depth = 0;          ///< of bodies and calls around the node at hand
    Network m_network;
    NetworkAttributes m_attributes;
};

} // namespace qs::onnx
