// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/follower.h"

#include "core/base/text.h"
#include "core/formats/onnx/element_types.h"
#include "core/network/queries.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs::onnx {
namespace {

constexpr std::size_t kNamesKept = 4;        // of op types, for reasons
constexpr std::size_t kMaxFindings = 10'000; // a weight of more nodes is no weight

// Nodes that move weights around in ways that are not followed.
constexpr std::array<std::string_view, 15> kOpaque{
    "Concat",   "Split",     "Slice",           "Pad",  "Expand", "Tile", "Where",          "GatherElements",
    "GatherND", "ScatterND", "ScatterElements", "Loop", "Scan",   "If",   "QuantizeLinear",
};

// Nodes that pick entries of an axis.
constexpr std::array<std::string_view, 3> kPicking{"Split", "Slice", "Gather"};

template <std::size_t N> bool isOneOf(std::string_view name, const std::array<std::string_view, N> &names)
{
    return std::ranges::find(names, name) != names.end();
}

/// Of TensorProto.data_type; empty for what is no type of weights.
std::optional<DType> floatType(std::int64_t dataType)
{
    const ElementType *type = elementType(dataType);
    return type != nullptr && type->dtype && isWeightFloat(*type->dtype) ? type->dtype : std::nullopt;
}

/// The batch axes, where they stand in front in the file, too.
std::uint8_t storedStack(const AxisTrace &trace, const Finding &finding)
{
    const auto outputs = static_cast<std::size_t>(finding.storedAxis.value_or(0));
    if (const std::size_t picked = trace.pickedAxes(); picked > 0) // one matrix after the other
        return static_cast<std::uint8_t>(std::min(picked, outputs));
    std::uint64_t matrices = 1;
    for (std::size_t i = 0; i < finding.consumption.batchAxes; ++i) {
        if (trace.storedAxis(i) != static_cast<int>(i) || outputs <= i)
            return 0;
        matrices *= trace.size(i);
    }
    return matrices > 1 ? static_cast<std::uint8_t>(finding.consumption.batchAxes) : 0;
}

} // namespace

void keepName(std::vector<std::string_view> &names, std::string_view name)
{
    if (names.size() < kNamesKept && std::ranges::find(names, name) == names.end())
        names.push_back(name);
}

Followed Follower::follow(std::uint32_t value, const std::vector<std::uint64_t> &shape, DType dtype, Picked picked)
{
    m_picked = picked;
    m_frames.clear();
    m_steps.clear();
    m_made.clear();
    m_result = {};
    m_lookups.clear();
    Step first;
    first.value = value;
    first.trace.emplace(shape);
    first.isCodes = isInteger(dtype);
    m_elements = 1;
    for (const std::uint64_t size : shape)
        m_elements *= size;
    m_steps.push_back(std::move(first));
    while (!m_steps.empty() && !m_context.exhausted()) {
        const Step step = std::move(m_steps.back());
        m_steps.pop_back();
        for (const Use &use : m_context.scopes.usesOf(step.value)) {
            m_context.spend(1);
            if (m_context.exhausted())
                break;
            visit(step, use);
        }
    }
    if (m_result.weights.empty())
        m_result.weights = std::move(m_lookups);
    return std::move(m_result);
}

void Follower::visit(const Step &step, const Use &use)
{
    if (use.node == kNone)
        return leaveGraph(step, use);
    const Node &node = m_context.graphs.graphs[use.graph].nodes[use.node];
    if (const std::uint32_t function = m_context.graphs.functionOf(node); function != kNone) {
        if (use.input >= m_context.graphs.graphs[function].inputs.size())
            return;
        Step inside = step;
        inside.value = m_context.scopes.graphInput(function, use.input);
        inside.frame = &m_frames.emplace_back(CallFrame{&node, step.frame});
        m_steps.push_back(std::move(inside));
        return;
    }
    const NodeView view(m_context, node, step.frame);
    const bool quantizes = node.opType == "DequantizeLinear" || node.opType == "QuantizeLinear";
    if ((node.isStandard() && passesElements(node.opType)) ||
        (quantizes && (node.isStandard() || node.domain == "com.microsoft")))
        if (passesLayout(step, use, view))
            return;
    if (passesDequantizing(step, use, view))
        return;
    auto consumption = consumptionOf(view, use.input, step.trace ? &*step.trace : nullptr);
    if (consumption && step.isCodes == (consumption->codes != Codes::None)) {
        const bool isLookup =
            consumption->op == Op::Embedding && (passesParts(step, use, view) || passesComputing(step, use, view));
        addFinding(step, use, view, std::move(*consumption));
        if (isLookup && !m_result.weights.empty() &&
            m_result.weights.back().view.node().firstOutput == node.firstOutput) {
            m_lookups.push_back(std::move(m_result.weights.back()));
            m_result.weights.pop_back();
        }
        return;
    }
    if (passesParts(step, use, view) || passesComputing(step, use, view))
        return;
    const bool isOpaque = !node.isStandard() || isOneOf(node.opType, kOpaque);
    keepName(isOpaque ? m_result.opaque : m_result.others, node.opType);
}

/// The value is an output of its graph: of a function, it goes on behind the call; of a branch, behind the If.
void Follower::leaveGraph(const Step &step, const Use &use)
{
    const Graph &graph = m_context.graphs.graphs[use.graph];
    const Node *outer = graph.isFunction && step.frame != nullptr ? step.frame->call : nullptr;
    Step next = step;
    if (outer != nullptr)
        next.frame = step.frame->outer;
    else if (graph.parent != kNone)
        outer = &m_context.graphs.graphs[graph.parent].nodes[graph.parentNode];
    if (outer == nullptr)
        return keepName(m_result.others, "the output of the graph");
    if (!graph.isFunction && outer->opType != "If")
        return keepName(m_result.opaque, outer->opType);
    if (use.input >= outer->outputs.size())
        return;
    next.value = outer->firstOutput + use.input;
    m_steps.push_back(std::move(next));
}

/// False when the node is none that hands the tensor on.
bool Follower::passesLayout(Step next, const Use &use, const NodeView &view)
{
    const Node &node = view.node();
    if (use.input != 0 || node.outputs.empty())
        return false;
    if (node.opType == "DequantizeLinear") {
        if (next.isCodes && (next.computed != kNone || !applyDequantizing(next, view)))
            return false;
    } else if (node.opType == "QuantizeLinear") {
        if (next.isCodes) // otherwise a DequantizeLinear follows, and together they change nothing
            return false;
    } else if (next.trace && !applyLayout(next, view)) {
        const bool isKnown = next.frame == nullptr && !next.isCodes && !next.dequantizing &&
                             m_folder.outline(node.firstOutput).has_value();
        if (isKnown && passesComputing(next, use, view))
            return true;
        next.trace.reset();
        next.computed = kNone;
        next.lost = Text::of("its axes cannot be followed through {} {}", node.opType, inQuotes(node.label()));
    }
    if (node.opType == "Cast") {
        const std::optional<DType> type = floatType(view.integer("to", 0));
        next.isCast = next.isCodes && type;
        if (next.dequantizing && type) {
            next.dequantizing->value = node.outputs[0];
            next.dequantizing->type = type;
        }
    }
    keepName(next.via, node.opType);
    next.value = node.firstOutput;
    m_steps.push_back(std::move(next));
    return true;
}

/// Nodes that hand on some entries of an axis each: what is stored stays the weight, of all of them.
bool Follower::passesParts(const Step &step, const Use &use, const NodeView &view)
{
    const Node &node = view.node();
    if (m_picked != Picked::Part || use.input != 0 || step.frame != nullptr || step.isCodes || !step.trace ||
        !node.isStandard() || !isOneOf(node.opType, kPicking))
        return false;
    std::vector<Step> parts;
    for (std::uint32_t i = 0; i < node.outputs.size(); ++i) {
        const Result<FoldedValue> outline = m_folder.outline(node.firstOutput + i);
        Step next = step;
        if (!outline || !takesPart(*next.trace, view, outline->shape))
            return false;
        keepName(next.via, node.opType);
        next.value = node.firstOutput + i;
        parts.push_back(std::move(next));
    }
    std::ranges::move(parts, std::back_inserter(m_steps));
    return true;
}

/// Of one output, which has this shape.
bool Follower::takesPart(AxisTrace &trace, const NodeView &view, const Shape &shape) const
{
    if (view.node().opType == "Gather") {
        const auto axis = normalizedAxis(view.integer("axis", 0), trace.rank());
        if (!axis || shape.size() > trace.rank() || shape.size() + 1 < trace.rank())
            return false;
        const bool isOne = shape.size() < trace.rank();
        const std::array dropped{static_cast<std::int64_t>(*axis)};
        return trace.take(*axis, isOne ? 1 : shape[*axis]) && (!isOne || trace.squeeze(dropped));
    }
    if (shape.size() != trace.rank())
        return false;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (!trace.take(i, shape[i]))
            return false;
    return true;
}

/// Codes that are cast and multiplied by their scales: what DequantizeLinear does, in files older than it.
std::optional<Dequantizing> Follower::scaling(const Step &step, const Use &use, const NodeView &view) const
{
    if (!step.isCodes || step.computed != kNone || !step.trace || view.node().opType != "Mul" ||
        view.node().inputs.size() != 2)
        return std::nullopt;
    Dequantizing result;
    result.scale = view.tensorInput(1 - use.input);
    if (result.scale == kNone)
        return std::nullopt;
    const std::vector<std::uint64_t> &scales = m_context.model.tensors[result.scale].shape;
    const std::vector<std::uint64_t> codes = step.trace->shape();
    if (scales.size() > codes.size())
        return std::nullopt;
    std::optional<std::size_t> along;
    for (std::size_t i = 0; i < scales.size(); ++i) { // shapes are aligned at their ends
        const std::size_t axis = codes.size() - scales.size() + i;
        if (scales[i] == 1)
            continue;
        if (along || scales[i] != codes[axis])
            return std::nullopt;
        along = axis;
    }
    if (along)
        result.storedAxis = step.trace->storedAxis(*along);
    if (along && !result.storedAxis)
        return std::nullopt;
    return result;
}

bool Follower::applyLayout(Step &step, const NodeView &view) const
{
    const std::string_view op = view.node().opType;
    AxisTrace &trace = *step.trace;
    if (op == "Transpose")
        return trace.transpose(view.integers("perm").value_or(std::vector<std::int64_t>()));
    if (op == "Flatten")
        return trace.flatten(view.integer("axis", 1));
    if (op == "Reshape") {
        const auto shape = view.hasInput(1) ? view.integersInput(1) : view.integers("shape");
        return shape && trace.reshape(*shape, view.integer("allowzero", 0) != 0);
    }
    if (op == "Squeeze" || op == "Unsqueeze") {
        const auto axes = view.hasInput(1) ? view.integersInput(1) : view.integers("axes");
        if (!axes && (view.hasInput(1) || op == "Unsqueeze"))
            return false;
        const auto list = axes.value_or(std::vector<std::int64_t>());
        return op == "Squeeze" ? trace.squeeze(list) : trace.unsqueeze(list);
    }
    return true; // Identity and casts
}

bool Follower::applyDequantizing(Step &step, const NodeView &view)
{
    Dequantizing found;
    found.scale = view.tensorInput(1);
    found.zeroPoint = view.tensorInput(2);
    found.hasZeroPoint = view.hasInput(2);
    const std::int64_t blockSize = view.integer("block_size", 0);
    found.blockSize = blockSize > 0 ? static_cast<std::uint64_t>(blockSize) : 0;
    if (step.trace)
        if (const auto axis = normalizedAxis(view.integer("axis", 1), step.trace->rank());
            axis && (found.blockSize == 0 || step.trace->isStored()))
            found.storedAxis = step.trace->storedAxis(*axis);
    dequantized(step, found, view.node());
    return true;
}

void Follower::dequantized(Step &step, Dequantizing how, const Node &node)
{
    how.value = node.outputs[0];
    step.isCodes = false;
    step.dequantizing = how;
    if (!m_result.dequantizing)
        m_result.dequantizing = how;
}

/// The other operand of a node, where it is a constant with values along one axis at most.
std::optional<Follower::Constants> Follower::constantsBeside(const Step &step, const Use &use,
                                                             const NodeView &view) const
{
    const std::uint32_t tensor = view.node().inputs.size() == 2 ? view.tensorInput(1 - use.input) : kNone;
    if (tensor == kNone || !step.trace)
        return std::nullopt;
    const TensorInfo &info = m_context.model.tensors[tensor];
    Constants result{tensor, {}};
    if (info.elements() == 1)
        return result;
    const std::size_t rank = step.trace->rank();
    if (info.shape.size() > rank)
        return std::nullopt;
    for (std::size_t i = 0; i < info.shape.size(); ++i) {
        const std::size_t axis = rank - info.shape.size() + i;
        if (info.shape[i] == 1)
            continue;
        if (result.storedAxis || info.shape[i] != step.trace->size(axis))
            return std::nullopt;
        result.storedAxis = step.trace->storedAxis(axis);
        if (!result.storedAxis)
            return std::nullopt;
    }
    return result;
}

/// (codes − zero points) · scales, written out. False when the node is no part of that.
bool Follower::passesDequantizing(Step next, const Use &use, const NodeView &view)
{
    const Node &node = view.node();
    if (!next.isCast || next.computed != kNone || !node.isStandard() || node.outputs.empty())
        return false;
    const bool subtracts = node.opType == "Sub" && use.input == 0 && !next.subtracted;
    if (!subtracts && node.opType != "Mul")
        return false;
    const auto constants = constantsBeside(next, use, view);
    if (!constants || (next.subtracted && next.subtracted->storedAxis != constants->storedAxis))
        return false;
    if (subtracts) {
        next.subtracted = constants;
    } else {
        Dequantizing how{.scale = constants->tensor, .storedAxis = constants->storedAxis};
        how.hasZeroPoint = next.subtracted.has_value();
        how.zeroPoint = how.hasZeroPoint ? next.subtracted->tensor : kNone;
        next.isCast = false;
        dequantized(next, how, node);
    }
    keepName(next.via, node.opType);
    next.value = node.firstOutput;
    m_steps.push_back(std::move(next));
    return true;
}

void Follower::addFinding(Step step, const Use &use, const NodeView &view, Consumption consumption)
{
    if (m_result.weights.size() == kMaxFindings)
        return;
    const bool isPart = step.trace && consumption.axis && *consumption.axis < step.trace->rank() &&
                        !step.trace->storedAxis(*consumption.axis);
    const ValueMaker *maker = isPart && !step.isCodes && !step.dequantizing ? m_folder.makerOf(step.value) : nullptr;
    if (maker != nullptr) // the outputs are no axis of the tensor, but one of the value that the node has
        if (const Result<FoldedValue> outline = m_folder.outline(step.value); outline && !outline->isWhole()) {
            step.computed = step.value;
            step.trace.emplace(outline->shape);
            step.lost = Text::of("{} {} makes other axes of it", maker->node->opType, inQuotes(maker->node->label()));
            if (auto again = consumptionOf(view, use.input, &*step.trace))
                consumption = std::move(*again);
        }
    Finding finding{view, std::move(consumption), {}, 0, {}, step.dequantizing};
    finding.reason = finding.consumption.reason;
    finding.computed = step.computed;
    finding.changed = step.computed == kNone ? Text() : step.lost;
    if (!step.trace) {
        finding.reason = step.lost;
    } else if (const auto axis = finding.consumption.axis; axis && *axis < step.trace->rank()) {
        const std::string via = fmt::format("{}", fmt::join(step.via, ", "));
        finding.storedAxis = step.trace->storedAxis(*axis);
        finding.stackAxes = storedStack(*step.trace, finding);
        if (!finding.storedAxis)
            finding.reason =
                Text::of("{}, but behind {} that is no whole axis of the stored tensor", finding.reason, via);
        else if (*finding.storedAxis != static_cast<int>(*axis))
            finding.reason = Text::of("{}; behind {} that is axis {} of the stored tensor", finding.reason, via,
                                      *finding.storedAxis);
    }
    m_result.weights.push_back(std::move(finding));
}

} // namespace qs::onnx
