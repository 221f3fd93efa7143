// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/graph_builder.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace qs {
namespace {

template <class T> NetworkConstant constantOf(DType dtype, std::vector<std::uint64_t> shape, std::span<const T> values)
{
    NetworkConstant constant;
    constant.dtype = dtype;
    constant.shape = std::move(shape);
    constant.bytes.resize(values.size_bytes());
    if (!values.empty())
        std::memcpy(constant.bytes.data(), values.data(), values.size_bytes());
    return constant;
}

} // namespace

GraphBuilder::GraphBuilder(const Model &model, std::int64_t version)
    : m_model(model)
    , m_version(version)
{
    m_network.opsets["ai.onnx"] = version;
    m_network.graphs.emplace_back();
}

GraphBuilder::Value GraphBuilder::addValue(std::string name)
{
    m_network.values.emplace_back().name = std::move(name);
    return static_cast<Value>(m_network.values.size() - 1);
}

GraphBuilder::Value GraphBuilder::addInput(std::string name, DType dtype, std::vector<NetworkDim> shape)
{
    const Value value = addValue(std::move(name));
    m_network.values[value].dtype = dtype;
    m_network.values[value].shape = std::move(shape);
    m_network.graphs[0].inputs.push_back(value);
    return value;
}

Result<GraphBuilder::Value> GraphBuilder::addTensor(const std::string &name, const std::vector<std::uint64_t> &shape)
{
    const auto tensor = m_model.findTensor(name);
    if (!tensor)
        return fail(ErrorCode::Input, Text::of("the tensor {} is missing", inQuotes(name)));
    const TensorInfo &info = m_model.tensors[*tensor];
    if (info.shape != shape)
        return fail(ErrorCode::Input, Text::of("{} is {}; config.json asks for {}", inQuotes(name),
                                               shapeText(info.shape), shapeText(shape)));
    if (const auto known = m_tensors.find(*tensor); known != m_tensors.end())
        return known->second;
    const Value value = addValue(name);
    NetworkValue &entry = m_network.values[value];
    entry.tensor = *tensor;
    entry.dtype = info.dtype == DType::Encoded ? DType::F32 : info.dtype;
    entry.shape.emplace();
    for (const std::uint64_t size : shape)
        entry.shape->push_back({.size = size});
    m_tensors.emplace(*tensor, value);
    return value;
}

GraphBuilder::Value GraphBuilder::addConstant(NetworkConstant constant)
{
    const Value value = addValue(fmt::format("constant_{}", m_network.constants.size()));
    NetworkValue &entry = m_network.values[value];
    entry.constant = static_cast<std::uint32_t>(m_network.constants.size());
    entry.dtype = constant.dtype;
    entry.shape.emplace();
    for (const std::uint64_t size : constant.shape)
        entry.shape->push_back({.size = size});
    m_network.constants.push_back(std::move(constant));
    return value;
}

GraphBuilder::Value GraphBuilder::addIntegers(std::vector<std::int64_t> values)
{
    return addConstant(constantOf<std::int64_t>(DType::I64, {values.size()}, values));
}

GraphBuilder::Value GraphBuilder::addInteger(std::int64_t value)
{
    return addConstant(constantOf<std::int64_t>(DType::I64, {}, std::span(&value, 1)));
}

GraphBuilder::Value GraphBuilder::addFloats(const std::vector<float> &values)
{
    return addConstant(constantOf<float>(DType::F32, {values.size()}, values));
}

GraphBuilder::Value GraphBuilder::addFloat(float value)
{
    return addConstant(constantOf<float>(DType::F32, {}, std::span(&value, 1)));
}

GraphBuilder::Value GraphBuilder::addNode(std::string_view op, std::vector<Value> inputs,
                                          std::vector<NetworkAttribute> attributes, std::string name)
{
    const Value output = addNode(op, std::move(inputs), 1, std::move(attributes)).front();
    if (!name.empty()) {
        m_network.values[output].name = name;
        m_network.graphs[0].nodes.back().name = std::move(name);
    }
    return output;
}

std::vector<GraphBuilder::Value> GraphBuilder::addNode(std::string_view op, std::vector<Value> inputs,
                                                       std::size_t outputs, std::vector<NetworkAttribute> attributes)
{
    NetworkNode node;
    node.op = op;
    node.version = m_version;
    node.name = fmt::format("{}_{}", op, m_network.graphs[0].nodes.size());
    node.inputs = std::move(inputs);
    node.attributes = std::move(attributes);
    for (std::size_t i = 0; i < outputs; ++i)
        node.outputs.push_back(addValue(outputs == 1 ? node.name : fmt::format("{}_{}", node.name, i)));
    m_network.graphs[0].nodes.push_back(std::move(node));
    return m_network.graphs[0].nodes.back().outputs;
}

Network GraphBuilder::finish(std::span<const Value> outputs)
{
    m_network.graphs[0].outputs.assign(outputs.begin(), outputs.end());
    return std::move(m_network);
}

} // namespace qs
