// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// GraphBuilder: writes the nodes that an exporter would have written, for makers of networks.
#pragma once

#include "core/model/model.h"
#include "core/network/network.h"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace qs {

/// Writes one graph. Values are indices into Network::values; a node takes only values that are there already.
class GraphBuilder
{
public:
    using Value = std::uint32_t;

    /// All nodes are of this version of the standard operators.
    GraphBuilder(const Model &model, std::int64_t version);

    Value addInput(std::string name, DType dtype, std::vector<NetworkDim> shape);
    bool hasTensor(std::string_view name) const { return m_model.findTensor(name).has_value(); }
    /// A tensor of the model. Error{Input} when it is missing or has another shape.
    Result<Value> addTensor(const std::string &name, const std::vector<std::uint64_t> &shape);
    Value addIntegers(std::vector<std::int64_t> values);
    Value addInteger(std::int64_t value); ///< of rank 0
    Value addFloats(const std::vector<float> &values);
    Value addFloat(float value); ///< of rank 0

    /// A node with one output, called `name` or, when that is empty, after its place.
    Value addNode(std::string_view op, std::vector<Value> inputs, std::vector<NetworkAttribute> attributes = {},
                  std::string name = {});
    /// The same with several outputs.
    std::vector<Value> addNode(std::string_view op, std::vector<Value> inputs, std::size_t outputs,
                               std::vector<NetworkAttribute> attributes);

    /// The network with these outputs; nothing can be added afterwards.
    Network finish(std::span<const Value> outputs);

private:
    Value addValue(std::string name);
    Value addConstant(NetworkConstant constant);

    const Model &m_model;
    std::int64_t m_version;
    Network m_network;
    std::unordered_map<std::size_t, Value> m_tensors; ///< by tensor, each once
};

} // namespace qs
