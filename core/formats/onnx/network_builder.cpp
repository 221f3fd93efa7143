// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/network_builder.h"

#include "core/base/text.h"
#include "core/formats/onnx/network_types.h"

#include <algorithm>

namespace qs::onnx {
namespace {

constexpr std::size_t kMaxCalled = 200'000;  // calls of functions, and nodes that they come to
constexpr int kMaxNesting = 64;              // of bodies and calls of functions in each other
constexpr std::size_t kPrefixPart = 32;      // bytes of each call's name in the names inside it
constexpr std::uint64_t kBytesPerCharge = 8; // of nodes of functions, which are read at each call

std::vector<NetworkDim> fixedShape(const std::vector<std::uint64_t> &shape)
{
    std::vector<NetworkDim> result;
    for (const std::uint64_t size : shape)
        result.push_back({.size = size});
    return result;
}

} // namespace

NetworkBuilder::NetworkBuilder(Source &source, const ModelFile &file, const Scopes &scopes,
                               std::span<const GraphTensor> tensors, const Model &model)
    : m_source(source)
    , m_file(file)
    , m_scopes(scopes)
    , m_tensors(tensors)
    , m_model(model)
    , m_initializers(file.graphs.size())
    , m_attributes(source, m_network)
{
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (tensors[i].node == kNone)
            m_initializers[tensors[i].graph].push_back(i);
}

Result<Network> NetworkBuilder::build()
{
    m_network.opsets = m_file.opsets;
    m_network.graphs.emplace_back();
    NetworkFrame frame;
    QS_CHECK(addGraph(0, frame, 0));
    if (m_nodes == 0)
        return m_source.walk(m_file.graphs[0].parts[0], "GraphProto").wrong(Text::of("the graph has no nodes"));
    findCaptures(m_network);
    return std::move(m_network);
}

/// The values of the body are forgotten behind it: nobody else sees them, and a function's caller may hand in a body
/// that stands in the function twice.
Result<std::uint32_t> NetworkBuilder::addBody(std::uint32_t graph, NetworkFrame &frame, const Node &holder,
                                              const Place &place)
{
    QS_CHECK(nest(holder));
    const auto target = static_cast<std::uint32_t>(m_network.graphs.size());
    NetworkGraph &body = m_network.graphs.emplace_back();
    body.parent = place.graph;
    body.parentNode = place.node;
    const std::size_t known = frame.defined.size();
    QS_CHECK(addGraph(graph, frame, target));
    for (; frame.defined.size() > known; frame.defined.pop_back())
        frame.values.erase(frame.defined.back());
    --m_depth;
    return target;
}

Result<void> NetworkBuilder::addGraph(std::uint32_t graph, NetworkFrame &frame, std::uint32_t target)
{
    const Graph &from = m_file.graphs[graph];
    const protobuf::Walker walker = m_source.walk(from.parts[0], "GraphProto");
    QS_CHECK(m_source.charge(sizeof(NetworkGraph), walker));
    QS_CHECK(defineValues(graph, frame, target));
    for (std::uint32_t i = 0; i < from.inputs.size(); ++i) {
        const std::uint32_t value = m_scopes.graphInput(graph, i);
        // In the main graph a default makes an input a constant; old files list all their weights among the inputs.
        if (graph != 0 || m_scopes.tensorOf(value) == kNone)
            m_network.graphs[target].inputs.push_back(frame.values.at(value));
    }
    QS_CHECK(addNodes(graph, frame, target));
    for (std::uint32_t i = 0; i < from.outputs.size(); ++i) {
        const std::uint32_t value = m_scopes.graphOutput(graph, i);
        const std::uint32_t output = value == kNone ? kAbsent : frame.values.at(value);
        if (output == kAbsent)
            return walker.wrong(Text::of("nothing makes the output {} of the graph", inQuotes(from.outputs[i])));
        m_network.graphs[target].outputs.push_back(output);
    }
    return m_source.charge((from.inputs.size() + from.outputs.size()) * sizeof(std::uint32_t), walker);
}

/// Values of inputs, tensors and nodes of the graph; those that a call has defined before stay.
Result<void> NetworkBuilder::defineValues(std::uint32_t graph, NetworkFrame &frame, std::uint32_t target)
{
    const Graph &from = m_file.graphs[graph];
    std::unordered_map<std::string_view, std::uint32_t> names;
    for (std::uint32_t i = 0; i < from.inputs.size(); ++i) {
        QS_ASSIGN(names[from.inputs[i]], define(m_scopes.graphInput(graph, i), from.inputs[i], frame, target));
    }
    for (const std::size_t i : m_initializers[graph]) {
        QS_ASSIGN(names[m_tensors[i].name], define(m_scopes.valueOfTensor(i), m_tensors[i].name, frame, target));
    }
    for (const Node &node : from.nodes) {
        for (std::uint32_t i = 0; i < node.outputs.size(); ++i) {
            if (!node.outputs[i].empty()) {
                QS_ASSIGN(names[node.outputs[i]], define(node.firstOutput + i, node.outputs[i], frame, target));
            }
        }
    }
    if (from.isFunction) // what is said of its values holds for any call
        return {};
    return readValueTypes(m_source, from, names, m_network);
}

Result<std::uint32_t> NetworkBuilder::define(std::uint32_t value, std::string_view name, NetworkFrame &frame,
                                             std::uint32_t target)
{
    const auto index = static_cast<std::uint32_t>(m_network.values.size());
    const auto [entry, isNew] = frame.values.try_emplace(value, index);
    if (!isNew)
        return entry->second;
    frame.defined.push_back(value);
    NetworkValue &result = m_network.values.emplace_back();
    result.name = frame.prefix + std::string(name);
    result.graph = target;
    if (const std::uint32_t tensor = m_scopes.tensorOf(value); tensor != kNone) {
        const TensorInfo &info = m_model.tensors[tensor];
        result.tensor = tensor;
        result.shape = fixedShape(info.shape);
        if (info.dtype == DType::Encoded)
            result.otherType = info.typeName();
        else
            result.dtype = info.dtype;
    }
    const std::uint64_t dims = result.shape ? result.shape->size() : 0;
    QS_CHECK(m_source.charge(sizeof(NetworkValue) + result.name.size() + dims * sizeof(NetworkDim) + 64,
                             m_source.walk({}, "GraphProto")));
    return index;
}

Result<void> NetworkBuilder::addNodes(std::uint32_t graph, NetworkFrame &frame, std::uint32_t target)
{
    for (const Node &node : m_file.graphs[graph].nodes)
        QS_CHECK(addNode(node, frame, target));
    return {};
}

Result<void> NetworkBuilder::addNode(const Node &node, NetworkFrame &frame, std::uint32_t target)
{
    if (frame.call != nullptr)
        QS_CHECK(charge(node.bytes.size() / kBytesPerCharge, node));
    if (const std::uint32_t function = m_file.functionOf(node); function != kNone)
        return inlineCall(node, function, frame, target);
    for (std::uint32_t i = 0; i < node.outputs.size(); ++i)
        if (m_scopes.tensorOf(node.firstOutput + i) != kNone)
            return {}; // its value is a tensor of the model
    NetworkNode result;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        QS_ASSIGN(const std::uint32_t input, inputOf(node, i, frame));
        result.inputs.push_back(input);
    }
    for (std::uint32_t i = 0; i < node.outputs.size(); ++i)
        result.outputs.push_back(node.outputs[i].empty() ? kAbsent : frame.values.at(node.firstOutput + i));
    const Place place{target, static_cast<std::uint32_t>(m_network.graphs[target].nodes.size())};
    const auto body = [&](std::uint32_t graph, NetworkFrame &outer, const Node &holder) {
        return addBody(graph, outer, holder, place);
    };
    QS_ASSIGN(result.attributes, m_attributes.read(node, frame, body));
    if (node.isConstant() && !node.outputs.empty() && !node.outputs[0].empty()) {
        if (const auto constant = constantOf(result.attributes, m_network)) {
            NetworkValue &value = m_network.values[result.outputs[0]];
            const NetworkConstant &what = m_network.constants[*constant];
            value.constant = *constant;
            value.shape = fixedShape(what.shape);
            if (what.dtype == DType::Encoded)
                value.otherType = "string";
            else
                value.dtype = what.dtype;
            return {};
        }
    }
    result.op = node.opType;
    result.domain = node.isStandard() ? std::string_view() : node.domain;
    result.version = versionOf(node.domain, frame);
    result.name = frame.prefix + std::string(node.label());
    return pushNode(std::move(result), target, node, frame.call != nullptr);
}

Result<void> NetworkBuilder::pushNode(NetworkNode node, std::uint32_t target, const Node &source, bool inCall)
{
    ++m_nodes;
    if (inCall)
        QS_CHECK(countCalled(source));
    QS_CHECK(charge(sizeof(NetworkNode) + node.name.size() + node.op.size() + node.domain.size() +
                        (node.inputs.size() + node.outputs.size()) * sizeof(std::uint32_t),
                    source));
    m_network.graphs[target].nodes.push_back(std::move(node));
    return {};
}

/// Writes the nodes of the function in the place of its call. What the function calls its outputs are the values that
/// the call makes; an output that is an input or a tensor of the function gets there through an Identity.
Result<void> NetworkBuilder::inlineCall(const Node &call, std::uint32_t function, NetworkFrame &outer,
                                        std::uint32_t target)
{
    const Graph &body = m_file.graphs[function];
    QS_CHECK(nest(call));
    QS_CHECK(countCalled(call));
    if (call.outputs.size() > body.outputs.size())
        return wrong(call, Text::of("the call has {} outputs, but the function {} has {}", call.outputs.size(),
                                    inQuotes(body.name), body.outputs.size()));
    NetworkFrame frame;
    frame.call = &call;
    frame.outer = &outer;
    frame.prefix = outer.prefix + std::string(call.label().substr(0, kPrefixPart)) + "/";
    QS_ASSIGN(frame.function, functionOf(function));
    for (std::uint32_t i = 0; i < body.inputs.size(); ++i) {
        QS_ASSIGN(const std::uint32_t value,
                  i < call.inputs.size() ? inputOf(call, i, outer) : Result<std::uint32_t>(kAbsent));
        frame.values.emplace(m_scopes.graphInput(function, i), value);
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> copies; // value inside, value outside
    for (std::uint32_t i = 0; i < call.outputs.size(); ++i) {
        const std::uint32_t inside = m_scopes.graphOutput(function, i);
        if (call.outputs[i].empty())
            continue;
        const auto known = frame.values.find(inside);
        if (inside == kNone || (known != frame.values.end() && known->second == kAbsent))
            return wrong(call, Text::of("nothing makes the output {} of the function {}", inQuotes(body.outputs[i]),
                                        inQuotes(body.name)));
        const std::uint32_t outside = outer.values.at(call.firstOutput + i);
        if (m_scopes.tensorOf(inside) != kNone || !frame.values.try_emplace(inside, outside).second)
            copies.emplace_back(inside, outside);
    }
    QS_CHECK(defineValues(function, frame, target));
    QS_CHECK(addNodes(function, frame, target));
    for (const auto &[inside, outside] : copies)
        QS_CHECK(pushNode({.domain = {},
                           .op = "Identity",
                           .version = versionOf({}, frame),
                           .name = m_network.values[outside].name,
                           .inputs = {frame.values.at(inside)},
                           .outputs = {outside},
                           .attributes = {}},
                          target, call, true));
    --m_depth;
    return {};
}

Result<std::uint32_t> NetworkBuilder::inputOf(const Node &node, std::size_t input, const NetworkFrame &frame) const
{
    if (node.inputs[input].empty())
        return kAbsent;
    const std::uint32_t value = m_scopes.input(node, input);
    if (value == kNone)
        return wrong(node, Text::of("nothing makes {}, which the node {} takes", inQuotes(node.inputs[input]),
                                    inQuotes(node.label())));
    return frame.values.at(value);
}

std::int64_t NetworkBuilder::versionOf(std::string_view domain, const NetworkFrame &frame) const
{
    const std::string name(isStandardDomain(domain) ? "ai.onnx" : domain);
    for (const auto *opsets : {frame.function != nullptr ? &frame.function->opsets : nullptr, &m_file.opsets})
        if (opsets != nullptr)
            if (const auto found = opsets->find(name); found != opsets->end())
                return found->second;
    return 0;
}

Result<const NetworkFunction *> NetworkBuilder::functionOf(std::uint32_t graph)
{
    if (const auto known = m_functions.find(graph); known != m_functions.end())
        return &known->second;
    QS_ASSIGN(NetworkFunction function, readNetworkFunction(m_source, m_file.graphs[graph]));
    return &m_functions.emplace(graph, std::move(function)).first->second;
}

Result<void> NetworkBuilder::countCalled(const Node &node)
{
    if (++m_called > kMaxCalled)
        return wrong(node,
                     Text::of("there are more than {} calls of functions and nodes in them, the limit", kMaxCalled));
    return {};
}

Result<void> NetworkBuilder::nest(const Node &node)
{
    if (++m_depth > kMaxNesting)
        return wrong(node, Text::of("bodies and calls of functions are nested deeper than {}, the limit", kMaxNesting));
    return {};
}

Result<void> NetworkBuilder::charge(std::uint64_t bytes, const Node &node)
{
    return m_source.charge(bytes, m_source.walk(node.bytes, "NodeProto"));
}

std::unexpected<Error> NetworkBuilder::wrong(const Node &node, Text message) const
{
    return m_source.walk(node.bytes, "NodeProto").wrong(std::move(message));
}

} // namespace qs::onnx
