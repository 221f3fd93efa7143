// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/node_view.h"

#include "core/tensor/integers.h"

namespace qs::onnx {
namespace {

constexpr std::uint64_t kBytesPerStep = 64; // of attributes that are walked
constexpr std::uint64_t kLeastBudget = 1'000'000;
constexpr std::uint64_t kLookups = 8; // attributes that are asked for when a node is visited, with room to spare

} // namespace

std::uint64_t FollowContext::budgetFor(const ModelFile &graphs)
{
    std::uint64_t steps = kLeastBudget;
    for (const Graph &graph : graphs.graphs)
        for (const Node &node : graph.nodes)
            steps += 2 * node.inputs.size() + kLookups * (1 + node.bytes.size() / kBytesPerStep);
    return steps;
}

std::optional<Attribute> NodeView::find(std::string_view name) const
{
    const Node *node = &m_node;
    const CallFrame *frame = m_frame;
    while (!m_context.exhausted()) {
        m_context.spend(1 + node->bytes.size() / kBytesPerStep);
        auto attribute = findAttribute(m_context.source, *node, name);
        if (!attribute || attribute->reference.empty() || frame == nullptr)
            return attribute;
        name = attribute->reference;
        node = frame->call;
        frame = frame->outer;
    }
    return std::nullopt;
}

std::int64_t NodeView::integer(std::string_view name, std::int64_t otherwise) const
{
    const auto attribute = find(name);
    return attribute && attribute->integer ? *attribute->integer : otherwise;
}

std::optional<std::vector<std::int64_t>> NodeView::integers(std::string_view name) const
{
    auto attribute = find(name);
    if (!attribute || attribute->integerCount != attribute->integers.size())
        return std::nullopt;
    return std::move(attribute->integers);
}

std::string_view NodeView::text(std::string_view name) const
{
    const auto attribute = find(name);
    return attribute ? attribute->text : std::string_view();
}

std::optional<float> NodeView::number(std::string_view name) const
{
    const auto attribute = find(name);
    if (!attribute || !attribute->number)
        return std::nullopt;
    const auto bytes = m_context.source.walk(attribute->bytes, "AttributeProto").bytesOf(*attribute->number);
    return bytes && bytes->size() == sizeof(float) ? std::optional(loadElement<float>(bytes->data(), false))
                                                   : std::nullopt;
}

std::uint32_t NodeView::tensorInput(std::size_t input) const
{
    std::uint32_t value = m_context.scopes.input(m_node, input);
    for (const CallFrame *frame = m_frame; value != kNone; frame = frame->outer) {
        const std::uint32_t formal = m_context.scopes.inputIndex(value);
        if (formal == kNone || frame == nullptr || m_context.exhausted())
            return m_context.scopes.tensorOf(value);
        m_context.spend(1);
        value = m_context.scopes.input(*frame->call, formal);
    }
    return kNone;
}

std::optional<std::vector<std::int64_t>> NodeView::integersInput(std::size_t input) const
{
    const std::uint32_t tensor = tensorInput(input);
    if (tensor == kNone)
        return std::nullopt;
    const TensorView view = m_context.model.view(tensor);
    const IntegerLoader load = integerLoader(view.info->dtype);
    const std::uint64_t count = view.info->elements();
    if (load == nullptr || count > Attribute::kMaxIntegers)
        return std::nullopt;
    const auto bytes = view.bytes();
    if (!bytes)
        return std::nullopt;
    std::vector<std::int64_t> result;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto value = load(bytes->data(), i, false);
        if (!value)
            return std::nullopt;
        result.push_back(*value);
    }
    return result;
}

} // namespace qs::onnx
