// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How Follower goes through nodes that compute a weight of constants.
#include "core/base/text.h"
#include "core/formats/onnx/folded_layout.h"
#include "core/formats/onnx/follower.h"

#include <algorithm>
#include <array>

namespace qs::onnx {
namespace {

constexpr std::size_t kMaxOperands = 64; // of a node that weights are followed through
constexpr int kMostBehind = 16;          // of nodes in functions behind each other

// Nodes that look at the shape of a weight alone.
constexpr std::array<std::string_view, 2> kShapes{"Shape", "Size"};

} // namespace

/// True where whole numbers choose, shape or move something, and so are no codes of weights; the numbers of entries of
/// a codebook are.
bool Follower::picks(const Use &use, const Node &node) const
{
    if (node.opType == "Where")
        return true;
    if (use.input == 0 || node.opType == "Concat" || layoutOperator(node.opType) == nullptr)
        return false;
    const std::uint32_t table = m_context.scopes.input(node, 0);
    const std::uint32_t tensor = table == kNone ? kNone : m_context.scopes.tensorOf(table);
    return node.opType != "Gather" || tensor == kNone || m_context.model.tensors[tensor].shape.size() != 1;
}

/// As of ConstantValues; inside functions it depends on what the call hands in.
std::uint64_t Follower::largestPart(std::uint32_t value, const CallFrame *frame, int depth)
{
    if (value == kNone || depth > kMostBehind || m_context.exhausted())
        return 0;
    m_context.spend(1);
    const std::uint64_t part = m_context.constants.largestPart(value);
    if (part > 0 || frame == nullptr)
        return part;
    const std::uint32_t input = m_context.scopes.inputIndex(value);
    if (input != kNone && value == m_context.scopes.graphInput(m_context.graphs.functionOf(*frame->call), input))
        return largestPart(m_context.scopes.input(*frame->call, input), frame->outer, depth);
    const Node *maker = makerInFunction(value);
    if (maker == nullptr || !maker->isStandard() || !maker->subgraphs.empty())
        return 0;
    std::uint64_t largest = 0;
    for (std::size_t i = 0; i < maker->inputs.size(); ++i) {
        if (maker->inputs[i].empty())
            continue;
        const std::uint64_t next = largestPart(m_context.scopes.input(*maker, i), frame, depth + 1);
        if (next == 0)
            return 0;
        largest = std::max(largest, next);
    }
    return largest;
}

const Node *Follower::makerInFunction(std::uint32_t value)
{
    if (m_makers.empty())
        for (const Graph &graph : m_context.graphs.graphs)
            for (const Node &node : graph.nodes)
                for (std::uint32_t i = 0; graph.isFunction && i < node.outputs.size(); ++i)
                    m_makers.emplace(node.firstOutput + i, &node);
    const auto found = m_makers.find(value);
    return found == m_makers.end() ? nullptr : found->second;
}

/// True for nodes of which the file alone decides what they make, with the tensor as the largest part of it.
bool Follower::isConstant(const Step &step, const Use &use, const Node &node)
{
    if (!node.isStandard() || node.outputs.empty() || node.inputs.size() > kMaxOperands || !node.subgraphs.empty() ||
        std::ranges::find(kShapes, node.opType) != kShapes.end())
        return false;
    if (step.isCodes && picks(use, node))
        return false;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        const std::uint64_t part = i == use.input || node.inputs[i].empty()
                                       ? m_elements
                                       : largestPart(m_context.scopes.input(node, i), step.frame);
        if (part == 0 || part > m_elements)
            return false;
    }
    return true;
}

/// The tensor goes on as a part of what the node computes. False for nodes that are not constant.
bool Follower::passesComputing(Step next, const Use &use, const NodeView &view)
{
    const Node &node = view.node();
    if (!isConstant(next, use, node))
        return false;
    if (const auto scales = scaling(next, use, view)) {
        next.dequantizing = scales;
        next.isCodes = false;
        if (!m_result.dequantizing)
            m_result.dequantizing = scales;
    } else {
        if (next.frame == nullptr && !m_made.insert(node.firstOutput).second)
            return true; // reached on another way already, with nothing new to say
        next.lost = Text::of("{} {} changes it before it is used as a weight, so what is stored is not the weight",
                             node.opType, inQuotes(node.label()));
        next.computed = kNone;
        next.trace.reset();
        next.dequantizing.reset();
        next.isCodes = false;
    }
    next.isCast = false;
    keepName(next.via, node.opType);
    const std::size_t outputs = node.opType == "Split" ? node.outputs.size() : 1;
    for (std::uint32_t i = 0; i < outputs; ++i) {
        m_steps.push_back(next);
        m_steps.back().value = node.firstOutput + i;
        if (!next.trace && next.frame == nullptr)
            computes(m_steps.back());
    }
    return true;
}

/// The value of the step is the weight from here on, where it can be known.
void Follower::computes(Step &step)
{
    const Result<FoldedValue> outline = m_folder.outline(step.value);
    if (outline && outline->count() > 0) {
        step.computed = step.value;
        step.trace.emplace(outline->shape);
        step.isCodes = outline->isWhole();
    } else if (!outline) {
        step.lost = Text::of("{}: {}", step.lost, outline.error().message);
    }
}

} // namespace qs::onnx
