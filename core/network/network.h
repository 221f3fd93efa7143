// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Network: what a model computes, as plain data — values, nodes that make values from values, bodies of branches and
// loops.
#pragma once

#include "core/base/text.h"
#include "core/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace qs {

/// Stands where an optional input or output is left out.
inline constexpr std::uint32_t kAbsent = std::numeric_limits<std::uint32_t>::max();

/// One axis of a shape: a number, or a free dimension with the name that the file gives it; neither when nobody knows.
struct NetworkDim {
    std::optional<std::uint64_t> size = {};
    std::string name = {};
    bool operator==(const NetworkDim &) const = default;
};

/// A small tensor that is no tensor of the Model: values of attributes, strings.
struct NetworkConstant {
    DType dtype = DType::F32; ///< DType::Encoded for strings
    std::vector<std::uint64_t> shape;
    std::vector<std::byte> bytes;   ///< the elements, row-major, little-endian
    std::vector<std::string> texts; ///< of strings, one per element
    bool operator==(const NetworkConstant &) const = default;
};

/// What nodes take and make. Names are for people and need not differ.
struct NetworkValue {
    std::string name;
    std::uint32_t graph = 0;                      ///< in which it is made, or handed in
    std::optional<DType> dtype;                   ///< empty: not known, or not a tensor of numbers
    std::string otherType;                        ///< what it is instead: "string", "sequence"
    std::optional<std::vector<NetworkDim>> shape; ///< empty: not even the number of axes is known
    std::optional<std::size_t> tensor;            ///< index into Model::tensors of the tensor that it is
    std::uint32_t constant = kAbsent;             ///< index into Network::constants
    bool operator==(const NetworkValue &) const = default;
};

/// An index into Network::constants.
struct ConstantRef {
    std::uint32_t index = 0;
    bool operator==(const ConstantRef &) const = default;
};
/// An index into Network::graphs.
struct GraphRef {
    std::uint32_t index = 0;
    bool operator==(const GraphRef &) const = default;
};
/// An attribute of a kind that is not kept: "sparse tensor".
struct UnreadAttribute {
    std::string kind;
    bool operator==(const UnreadAttribute &) const = default;
};

struct NetworkAttribute {
    using Value = std::variant<std::int64_t, float, std::string, ConstantRef, GraphRef, std::vector<std::int64_t>,
                               std::vector<float>, std::vector<std::string>, std::vector<ConstantRef>,
                               std::vector<GraphRef>, UnreadAttribute>;
    std::string name;
    Value value;
    bool operator==(const NetworkAttribute &) const = default;
};

struct NetworkNode {
    std::string domain;                 ///< whose operators they are; empty for the standard ones of ONNX
    std::string op;                     ///< "Conv"
    std::int64_t version = 0;           ///< of the domain's operators, as the file asks for it; 0 when it does not say
    std::string name;                   ///< for people: its own, or that of its first output
    std::vector<std::uint32_t> inputs;  ///< values, kAbsent where left out
    std::vector<std::uint32_t> outputs; ///< the same
    std::vector<NetworkAttribute> attributes; ///< no name twice
    bool operator==(const NetworkNode &) const = default;
};

/// The network itself, or the body of a branch or a loop. A body sees the values of the graphs around it.
struct NetworkGraph {
    std::uint32_t parent = kAbsent; ///< graph whose node holds it; kAbsent for the network itself
    std::uint32_t parentNode = 0;
    std::vector<NetworkNode> nodes; ///< in the order of the file: see firstOutOfOrder()
    std::vector<std::uint32_t> inputs;
    std::vector<std::uint32_t> outputs;
    std::vector<std::uint32_t> captures; ///< values of graphs around it that it, or a body in it, uses; ascending
    bool operator==(const NetworkGraph &) const = default;
};

/// Immutable after making; belongs to one Model, whose tensors it names by index.
struct Network {
    std::vector<NetworkValue> values;
    std::vector<NetworkConstant> constants;
    std::vector<NetworkGraph> graphs;           ///< the network itself first, bodies behind the graph that holds them
    std::map<std::string, std::int64_t> opsets; ///< version by domain, the standard one as "ai.onnx"
    /// Floats are compared as numbers: a network with NaN in an attribute is not equal to itself.
    bool operator==(const Network &) const = default;
};

/// Equal networks have equal hashes, in every run of the program.
std::uint64_t hashOf(const Network &network);

/// Fills NetworkGraph::captures of all graphs from what their nodes use. For those who make networks.
void findCaptures(Network &network);

/// "[1, 3, height, ?]"; "of unknown shape" when nobody knows the number of axes.
Text shapeText(const NetworkValue &value);

/// "217 nodes, opset 9, input 'input' [1, 3, 240, 320], outputs 'scores' [1, 4420, 2], 'boxes' [1, 4420, 4]", on one
/// line and harmless. Of many inputs or outputs the first few are named.
Text summaryOf(const Network &network);

} // namespace qs
