// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which name of an ONNX file means which value, and which nodes use it.
#pragma once

#include "core/formats/onnx/graph.h"

#include <span>

namespace qs::onnx {

/// A tensor of the file: an initializer, or what a Constant node makes.
struct GraphTensor {
    std::uint32_t graph = 0;
    std::uint32_t node = kNone; ///< of a Constant; kNone for initializers
    std::string_view name;      ///< inside its graph
    std::size_t tensor = 0;     ///< index into Model::tensors
    Range bytes = {};           ///< its TensorProto; empty where a Constant holds plain numbers
};

/// One place where a value is used: input `input` of a node, or output `input` of the graph when node is kNone.
struct Use {
    std::uint32_t graph = 0;
    std::uint32_t node = kNone;
    std::uint32_t input = 0;
};

/// Values are numbered through all graphs. Subgraphs see the names of the graphs around them, functions do not.
class Scopes
{
public:
    /// Numbers the nodes' inputs and outputs in `file`. Error{Input} when a name is defined twice in one graph.
    static Result<Scopes> build(Source &source, ModelFile &file, std::span<const GraphTensor> tensors);

    std::span<const Use> usesOf(std::uint32_t value) const;
    /// Value of an input of a node; kNone when it is left out or made by nobody.
    std::uint32_t input(const Node &node, std::size_t input) const;
    /// Index into Model::tensors of the tensor that the value is; kNone when it is computed.
    std::uint32_t tensorOf(std::uint32_t value) const { return m_values[value].tensor; }
    /// From now on the value is that tensor, whoever makes it.
    void setTensor(std::uint32_t value, std::uint32_t tensor) { m_values[value].tensor = tensor; }
    /// Value of a tensor, by index into the span given to build().
    std::uint32_t valueOfTensor(std::size_t tensor) const { return m_tensorValues[tensor]; }
    /// Value of a formal input of a graph, and the reverse: which input a value is, or kNone.
    std::uint32_t graphInput(std::uint32_t graph, std::uint32_t input) const;
    std::uint32_t inputIndex(std::uint32_t value) const { return m_values[value].input; }
    /// Value of an output of a graph; kNone when it is made by nobody.
    std::uint32_t graphOutput(std::uint32_t graph, std::uint32_t output) const;

private:
    friend class ScopeBuilder;

    struct Value {
        std::uint32_t tensor = kNone;
        std::uint32_t input = kNone; ///< of its graph
        std::uint32_t firstUse = 0;
    };

    std::vector<Value> m_values; ///< and one more, where the uses end
    std::vector<Use> m_uses;     ///< in the order of values
    std::vector<std::uint32_t> m_inputs;
    std::vector<std::uint32_t> m_tensorValues;
    std::vector<std::uint32_t> m_graphInputs;  ///< first value of each graph
    std::vector<std::uint32_t> m_graphOutputs; ///< index into m_outputs of each graph
    std::vector<std::uint32_t> m_outputs;
};

} // namespace qs::onnx
