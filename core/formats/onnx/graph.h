// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The graphs of an ONNX file (FORMATS.md §3.7.1): nodes, their inputs and outputs, where tensors stand.
#pragma once

#include "core/formats/onnx/source.h"

#include <compare>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qs::onnx {

using protobuf::Range;

inline constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Names are parts of the source's image.
struct Node {
    Range bytes; ///< its NodeProto; attributes are read from there when somebody asks
    std::string_view name;
    std::string_view opType;
    std::string_view domain;
    std::string_view overload;
    std::vector<std::string_view> inputs; ///< empty: left out
    std::vector<std::string_view> outputs;
    std::vector<std::uint32_t> subgraphs; ///< indices into ModelFile::graphs
    std::uint32_t firstInput = 0;         ///< index into Scopes::inputs
    std::uint32_t firstOutput = 0;        ///< value of the first output (Scopes)

    bool isStandard() const { return isStandardDomain(domain); }
    bool isConstant() const { return opType == "Constant" && isStandard(); }
    /// The node's name, or what stands in for it, for people.
    std::string_view label() const { return !name.empty() ? name : outputs.empty() ? opType : outputs[0]; }
};

/// The main graph, the body of an If, Loop or Scan, or the body of a function.
struct Graph {
    std::string_view name;
    std::vector<Range> parts; ///< its GraphProtos (several only where a file holds several), or its FunctionProto
    std::vector<Node> nodes;
    std::vector<Range> initializers; ///< TensorProtos
    std::vector<Range> sparse;       ///< SparseTensorProtos
    std::vector<std::string_view> inputs;
    std::vector<std::string_view> outputs;
    std::uint32_t parent = kNone; ///< graph whose node holds this one
    std::uint32_t parentNode = 0;
    std::string_view attribute; ///< of that node: "then_branch"
    bool isFunction = false;
};

struct FunctionKey {
    std::string_view domain;
    std::string_view name;
    std::string_view overload;
    auto operator<=>(const FunctionKey &) const = default;
};

struct ModelFile {
    std::deque<Graph> graphs; ///< the main graph first
    std::map<FunctionKey, std::uint32_t> functions;
    std::map<std::string, std::int64_t> opsets; ///< version by domain; "ai.onnx" is the standard one
    std::map<std::string, std::string> metadata;

    /// The function that the node calls, or kNone.
    std::uint32_t functionOf(const Node &node) const;
    /// True for the body of a function and the bodies of nodes inside it.
    bool inFunction(std::uint32_t graph) const;
};

/// Reads the whole structure, without looking into tensors. Error{Input} with message, field and byte.
Result<ModelFile> readGraphs(Source &source);

/// Where a graph stands, for people and for unique names: "If_12.then_branch"; empty for the main graph.
std::string pathOf(const ModelFile &file, std::uint32_t graph);

} // namespace qs::onnx
