// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/network_attributes.h"

#include "core/base/text.h"

#include <algorithm>
#include <cstring>
#include <utility>

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

/// Its index in the network.
std::uint32_t addConstant(NetworkConstant constant, Network &network)
{
    network.constants.push_back(std::move(constant));
    return static_cast<std::uint32_t>(network.constants.size() - 1);
}

} // namespace

Result<std::vector<NetworkAttribute>> NetworkAttributes::read(const Node &node, NetworkFrame &frame,
                                                              const AddBody &addBody)
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
            return walker.wrong(field, "attribute", Text::of("the attribute {} stands there twice", inQuotes(name)));
        QS_ASSIGN(const auto found, resolve({std::move(attribute), &frame, &node, first}));
        if (!found)
            return {}; // the call leaves it out, and the operator has a default for it
        QS_ASSIGN(NetworkAttribute::Value value, valueOf(*found, addBody));
        result.push_back({name, std::move(value)});
        return m_source.charge(sizeof(NetworkAttribute), walker);
    }));
    return result;
}

/// The attribute itself, or the one of a call that it stands for; empty when no call has it.
Result<std::optional<NetworkAttributes::Found>> NetworkAttributes::resolve(Found found)
{
    while (!found.attribute.reference.empty() && found.frame->call != nullptr) {
        NetworkFrame &frame = *found.frame;
        const std::string_view name = found.attribute.reference;
        std::optional<Found> next;
        std::size_t subgraph = 0;
        const Walker walker = m_source.walk(frame.call->bytes, "NodeProto");
        QS_CHECK(m_source.charge(frame.call->bytes.size() / kBytesPerCharge, walker));
        QS_CHECK(walker.forEachField([&](const Field &field) -> Result<void> {
            if (field.number != 5 || next)
                return {};
            QS_CHECK(walker.expect(field, Wire::Bytes, "attribute"));
            QS_ASSIGN(WholeAttribute attribute, readWholeAttribute(m_source, field.payload));
            const std::size_t first = subgraph;
            subgraph += attribute.graphs;
            if (attribute.name == name)
                next = Found{std::move(attribute), frame.outer, frame.call, first};
            return {};
        }));
        for (const Range &bytes : frame.function->defaults) {
            if (next)
                break;
            QS_ASSIGN(WholeAttribute attribute, readWholeAttribute(m_source, bytes));
            if (attribute.name == name && attribute.reference.empty())
                next = Found{std::move(attribute), &frame, nullptr, 0};
        }
        if (!next)
            return std::optional<Found>();
        found = std::move(*next);
    }
    return std::optional(std::move(found));
}

Result<NetworkAttribute::Value> NetworkAttributes::valueOf(const Found &found, const AddBody &addBody)
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
        return graphValue(found, addBody);
    default:
        return UnreadAttribute{kindText(attribute.kind)};
    }
}

Result<NetworkAttribute::Value> NetworkAttributes::tensorValue(const Found &found)
{
    std::vector<ConstantRef> constants;
    for (const Range &bytes : found.attribute.tensors) {
        QS_ASSIGN(auto constant, readConstant(m_source, bytes, kMaxConstantBytes - m_constantBytes));
        if (!constant)
            return UnreadAttribute{"tensor"};
        m_constantBytes = std::min(kMaxConstantBytes, m_constantBytes + bytes.size() + constant->bytes.size());
        constants.push_back({addConstant(std::move(*constant), m_network)});
    }
    if (found.attribute.kind == AttributeKind::Tensors)
        return constants;
    if (constants.empty())
        return UnreadAttribute{"tensor"};
    return constants.back(); // the last one counts where a field stands there twice
}

Result<NetworkAttribute::Value> NetworkAttributes::graphValue(const Found &found, const AddBody &addBody)
{
    if (found.node == nullptr)
        return UnreadAttribute{"graph"}; // in the defaults of a function
    std::vector<GraphRef> bodies;
    for (std::size_t i = 0; i < found.attribute.graphs; ++i) {
        QS_ASSIGN(const std::uint32_t body,
                  addBody(found.node->subgraphs[found.firstSubgraph + i], *found.frame, *found.node));
        bodies.push_back({body});
    }
    if (found.attribute.kind == AttributeKind::Graphs)
        return bodies;
    if (bodies.empty())
        return UnreadAttribute{"graph"};
    return bodies.back();
}

std::optional<std::uint32_t> constantOf(const std::vector<NetworkAttribute> &attributes, Network &network)
{
    for (const auto &[name, value] : attributes) {
        if (const auto *tensor = std::get_if<ConstantRef>(&value); tensor != nullptr && name == "value")
            return tensor->index;
        if (const auto *number = std::get_if<float>(&value); number != nullptr && name == "value_float")
            return addConstant(constantFrom<float>(DType::F32, {}, {*number}), network);
        if (const auto *numbers = std::get_if<std::vector<float>>(&value); numbers != nullptr && name == "value_floats")
            return addConstant(constantFrom(DType::F32, {numbers->size()}, *numbers), network);
        if (const auto *number = std::get_if<std::int64_t>(&value); number != nullptr && name == "value_int")
            return addConstant(constantFrom<std::int64_t>(DType::I64, {}, {*number}), network);
        if (const auto *numbers = std::get_if<std::vector<std::int64_t>>(&value);
            numbers != nullptr && name == "value_ints")
            return addConstant(constantFrom(DType::I64, {numbers->size()}, *numbers), network);
        if (const auto *text = std::get_if<std::string>(&value); text != nullptr && name == "value_string")
            return addConstant(constantFrom({}, {*text}), network);
        if (const auto *texts = std::get_if<std::vector<std::string>>(&value);
            texts != nullptr && name == "value_strings")
            return addConstant(constantFrom({texts->size()}, *texts), network);
    }
    return std::nullopt;
}

} // namespace qs::onnx
