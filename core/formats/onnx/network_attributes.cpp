// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of NetworkBuilder that reads attributes: of nodes, of the calls around them, of functions.
#include "core/formats/onnx/network_builder.h"

#include "core/base/text.h"

#include <algorithm>
#include <cstring>
#include <ranges>

#include <fmt/format.h>

namespace qs::onnx {
namespace {

using protobuf::Field;
using protobuf::Walker;
using protobuf::Wire;

constexpr std::uint64_t kBytesPerCharge = 8; // of calls, which are searched for each attribute that stands for theirs

template <class T>
NetworkConstant constantFrom(DType dtype, std::vector<std::uint64_t> shape, const std::vector<T> &values)
{
    NetworkConstant result;
    result.dtype = dtype;
    result.shape = std::move(shape);
    result.bytes.resize(values.size() * sizeof(T));
    if (!values.empty())
        std::memcpy(result.bytes.data(), values.data(), result.bytes.size());
    return result;
}

NetworkConstant constantFrom(std::vector<std::uint64_t> shape, std::vector<std::string> texts)
{
    NetworkConstant result;
    result.dtype = DType::Encoded;
    result.shape = std::move(shape);
    result.texts = std::move(texts);
    return result;
}

/// The kinds of attributes whose values are not kept.
std::string kindText(AttributeKind kind)
{
    switch (kind) {
    case AttributeKind::SparseTensor:
        return "sparse tensor";
    case AttributeKind::SparseTensors:
        return "sparse tensors";
    case AttributeKind::Type:
        return "type";
    case AttributeKind::Types:
        return "types";
    default:
        return "unknown";
    }
}

} // namespace

Result<std::vector<NetworkAttribute>> NetworkBuilder::attributesOf(const Node &node, Frame &frame, const Place &place)
{
    std::vector<NetworkAttribute> result;
    std::size_t subgraph = 0;
    const Walker walker = m_source.walk(node.bytes, "NodeProto");
    QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
        if (field.number != 5)
            return {};
        QS_CHECK(walker.expect(field, Wire::Bytes, "attribute"));
        QS_ASSIGN(WholeAttribute attribute, readWholeAttribute(m_source, field.payload));
        const std::size_t first = subgraph;
        subgraph += attribute.graphs;
        const std::string name(attribute.name);
        if (std::ranges::find(result, name, &NetworkAttribute::name) != result.end())
            return walker.wrong(field, "attribute", fmt::format("the attribute {} stands there twice", inQuotes(name)));
        QS_ASSIGN(const auto found, resolve({std::move(attribute), &frame, &node, first}));
        if (!found)
            return {}; // the call leaves it out, and the operator has a default for it
        QS_ASSIGN(NetworkAttribute::Value value, valueOf(*found, place));
        result.push_back({name, std::move(value)});
        return m_source.charge(sizeof(NetworkAttribute), walker);
    }));
    return result;
}

/// The attribute itself, or the one of a call that it stands for; empty when no call has it.
Result<std::optional<NetworkBuilder::FoundAttribute>> NetworkBuilder::resolve(FoundAttribute found)
{
    while (!found.attribute.reference.empty() && found.frame->call != nullptr) {
        Frame &frame = *found.frame;
        const std::string_view name = found.attribute.reference;
        std::optional<FoundAttribute> next;
        std::size_t subgraph = 0;
        QS_CHECK(charge(frame.call->bytes.size() / kBytesPerCharge, *frame.call));
        const Walker walker = m_source.walk(frame.call->bytes, "NodeProto");
        QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number != 5 || next)
                return {};
            QS_CHECK(walker.expect(field, Wire::Bytes, "attribute"));
            QS_ASSIGN(WholeAttribute attribute, readWholeAttribute(m_source, field.payload));
            const std::size_t first = subgraph;
            subgraph += attribute.graphs;
            if (attribute.name == name)
                next = FoundAttribute{std::move(attribute), frame.outer, frame.call, first};
            return {};
        }));
        for (const Range &bytes : frame.function->defaults) {
            if (next)
                break;
            QS_ASSIGN(WholeAttribute attribute, readWholeAttribute(m_source, bytes));
            if (attribute.name == name && attribute.reference.empty())
                next = FoundAttribute{std::move(attribute), &frame, nullptr, 0};
        }
        if (!next)
            return std::optional<FoundAttribute>();
        found = std::move(*next);
    }
    return std::optional(std::move(found));
}

Result<NetworkAttribute::Value> NetworkBuilder::valueOf(const FoundAttribute &found, const Place &place)
{
    const WholeAttribute &attribute = found.attribute;
    switch (attribute.kind) {
    case AttributeKind::Float:
        return attribute.number;
    case AttributeKind::Int:
        return attribute.integer;
    case AttributeKind::String:
        return std::string(attribute.text);
    case AttributeKind::Floats:
        return attribute.numbers;
    case AttributeKind::Ints:
        return attribute.integers;
    case AttributeKind::Strings:
        return std::vector<std::string>(attribute.texts.begin(), attribute.texts.end());
    case AttributeKind::Tensor:
    case AttributeKind::Tensors:
        return tensorValue(found);
    case AttributeKind::Graph:
    case AttributeKind::Graphs:
        return graphValue(found, place);
    default:
        return UnreadAttribute{kindText(attribute.kind)};
    }
}

Result<NetworkAttribute::Value> NetworkBuilder::tensorValue(const FoundAttribute &found)
{
    std::vector<ConstantRef> constants;
    for (const Range &bytes : found.attribute.tensors) {
        QS_ASSIGN(auto constant, readConstant(m_source, bytes, kMaxConstantBytes - m_constantBytes));
        if (!constant)
            return UnreadAttribute{"tensor"};
        m_constantBytes = std::min(kMaxConstantBytes, m_constantBytes + bytes.size() + constant->bytes.size());
        constants.push_back({addConstant(std::move(*constant))});
    }
    if (found.attribute.kind == AttributeKind::Tensors)
        return constants;
    if (constants.empty())
        return UnreadAttribute{"tensor"};
    return constants.back(); // the last one counts where a field stands there twice
}

Result<NetworkAttribute::Value> NetworkBuilder::graphValue(const FoundAttribute &found, const Place &place)
{
    if (found.node == nullptr)
        return UnreadAttribute{"graph"}; // in the defaults of a function
    std::vector<GraphRef> bodies;
    for (std::size_t i = 0; i < found.attribute.graphs; ++i) {
        QS_ASSIGN(const std::uint32_t body,
                  addBody(found.node->subgraphs[found.firstSubgraph + i], *found.frame, *found.node, place));
        bodies.push_back({body});
    }
    if (found.attribute.kind == AttributeKind::Graphs)
        return bodies;
    if (bodies.empty())
        return UnreadAttribute{"graph"};
    return bodies.back();
}

Result<const NetworkBuilder::Function *> NetworkBuilder::functionOf(std::uint32_t graph)
{
    const auto [entry, isNew] = m_functions.try_emplace(graph);
    if (!isNew)
        return &entry->second;
    Function &function = entry->second;
    const Walker walker = m_source.walk(m_file.graphs[graph].parts[0], "FunctionProto");
    QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
        if (field.number == 9) {
            QS_CHECK(walker.expect(field, Wire::Bytes, "opset_import"));
            QS_ASSIGN(const auto opset, readOpset(m_source, field.payload));
            function.opsets.insert(opset);
            return m_source.charge(opset.first.size() + 64, walker);
        }
        if (field.number == 11) {
            QS_CHECK(walker.expect(field, Wire::Bytes, "attribute_proto"));
            function.defaults.push_back(field.payload);
            return m_source.charge(sizeof(Range), walker);
        }
        return {};
    }));
    return &function;
}

/// The value of a Constant node that is no tensor of the model: strings, and what a function's caller hands in.
std::optional<std::uint32_t> NetworkBuilder::constantOf(const std::vector<NetworkAttribute> &attributes)
{
    for (const auto &[name, value] : attributes) {
        if (const auto *tensor = std::get_if<ConstantRef>(&value); tensor != nullptr && name == "value")
            return tensor->index;
        if (const auto *number = std::get_if<float>(&value); number != nullptr && name == "value_float")
            return addConstant(constantFrom<float>(DType::F32, {}, {*number}));
        if (const auto *numbers = std::get_if<std::vector<float>>(&value); numbers != nullptr && name == "value_floats")
            return addConstant(constantFrom(DType::F32, {numbers->size()}, *numbers));
        if (const auto *number = std::get_if<std::int64_t>(&value); number != nullptr && name == "value_int")
            return addConstant(constantFrom<std::int64_t>(DType::I64, {}, {*number}));
        if (const auto *numbers = std::get_if<std::vector<std::int64_t>>(&value);
            numbers != nullptr && name == "value_ints")
            return addConstant(constantFrom(DType::I64, {numbers->size()}, *numbers));
        if (const auto *text = std::get_if<std::string>(&value); text != nullptr && name == "value_string")
            return addConstant(constantFrom({}, {*text}));
        if (const auto *texts = std::get_if<std::vector<std::string>>(&value);
            texts != nullptr && name == "value_strings")
            return addConstant(constantFrom({texts->size()}, *texts));
    }
    return std::nullopt;
}

std::uint32_t NetworkBuilder::addConstant(NetworkConstant constant)
{
    m_network.constants.push_back(std::move(constant));
    return static_cast<std::uint32_t>(m_network.constants.size() - 1);
}

} // namespace qs::onnx
