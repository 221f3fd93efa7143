// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/computed_weights.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/tensor/small_floats.h"

#include <algorithm>

namespace qs::onnx {
namespace {

constexpr std::size_t kMaxNodes = 1000; // between a tensor and the weight that it is a part of
constexpr std::size_t kValuesPerWrite = std::size_t{1} << 18U;

/// What stands before the names of values of this graph.
std::string placeOf(const ModelFile &graphs, std::uint32_t graph)
{
    return graph == 0 ? std::string() : pathOf(graphs, graph) + "/";
}

} // namespace

std::optional<std::vector<const Node *>> nodesBetween(const ModelFile &graphs, const Scopes &scopes,
                                                      std::uint32_t tensor, std::uint32_t value)
{
    std::vector<const Node *> result;
    std::vector<std::uint32_t> waiting{tensor};
    while (!waiting.empty()) {
        const std::uint32_t next = waiting.back();
        waiting.pop_back();
        for (const Use &use : scopes.usesOf(next)) {
            if (use.node == kNone || result.size() > kMaxNodes || graphs.inFunction(use.graph))
                return std::nullopt;
            const Node &node = graphs.graphs[use.graph].nodes[use.node];
            if (std::ranges::find(result, &node) != result.end())
                continue;
            result.push_back(&node);
            for (std::uint32_t i = 0; i < node.outputs.size(); ++i)
                if (node.firstOutput + i != value)
                    waiting.push_back(node.firstOutput + i);
        }
    }
    return result;
}

std::optional<ValueMaker> makerOfNamed(const ModelFile &graphs, std::string_view name)
{
    for (std::uint32_t graph = 0; graph < graphs.graphs.size(); ++graph) {
        const std::string path = placeOf(graphs, graph);
        if (!name.starts_with(path))
            continue;
        for (const Node &node : graphs.graphs[graph].nodes)
            for (std::uint32_t i = 0; i < node.outputs.size(); ++i)
                if (node.outputs[i] == name.substr(path.size()))
                    return ValueMaker{&node, graph, i};
    }
    return std::nullopt;
}

ComputedWeights::ComputedWeights(FollowContext &context, ConstantFolder &folder, std::span<const GraphTensor> tensors)
    : m_context(context)
    , m_tensors(tensors)
    , m_folder(folder)
{}

void ComputedWeights::collectParts(std::uint32_t value, Computed &computed,
                                   std::unordered_set<std::uint32_t> &seen) const
{
    if (value == kNone || seen.size() > kMaxNodes || !seen.insert(value).second)
        return;
    if (const std::uint32_t tensor = m_context.scopes.tensorOf(value); tensor != kNone) {
        computed.parts.push_back(tensor);
        return;
    }
    if (const ValueMaker *maker = m_folder.makerOf(value))
        for (std::size_t i = 0; i < maker->node->inputs.size(); ++i)
            collectParts(m_context.scopes.input(*maker->node, i), computed, seen);
}

/// The first of the largest ones: what is changed stands before what changes it. Masks are never it, and
/// indices only where they are more than all else.
std::size_t ComputedWeights::largestOf(const std::vector<std::size_t> &parts) const
{
    return *std::ranges::max_element(parts, {}, [this](std::size_t part) {
        const TensorInfo &info = m_context.model.tensors[part];
        const bool areIndices = info.dtype == DType::I32 || info.dtype == DType::I64;
        return std::pair(info.dtype == DType::Bool ? 0 : info.elements(), !areIndices);
    });
}

Result<std::size_t> ComputedWeights::add(const GraphTensor &place, std::uint32_t value)
{
    if (const auto known = m_results.find(value); known != m_results.end())
        return known->second;
    const auto compute = [&]() -> Result<std::size_t> {
        Computed computed;
        std::unordered_set<std::uint32_t> seen;
        collectParts(value, computed, seen);
        const ValueMaker *maker = m_folder.makerOf(value);
        if (m_context.graphs.inFunction(place.graph) || maker == nullptr || computed.parts.empty())
            return fail(ErrorCode::Work, Text::of("it is made in another graph"));
        computed.tensor = largestOf(computed.parts);
        computed.name = placeOf(m_context.graphs, maker->graph) + std::string(maker->name());
        const TensorInfo &info = m_context.model.tensors[computed.tensor];
        if (!nodesBetween(m_context.graphs, m_context.scopes, m_context.scopes.valueOfTensor(computed.tensor), value))
            return fail(ErrorCode::Work, Text::of("{} is used as it is, too", inQuotes(info.name)));
        QS_ASSIGN(const FoldedValue outline, m_folder.outline(value));
        QS_ASSIGN(const FoldedValue folded, m_folder.evaluate(value, std::max(info.elements(), outline.count())));
        if (folded.isWhole() || folded.shape.size() < 2)
            return fail(ErrorCode::Work,
                        Text::of("it becomes {} of shape {}", nameOf(folded.dtype), shapeText(folded.shape)));
        QS_CHECK(store(folded, computed));
        m_values.push_back(value);
        m_weights.push_back(std::move(computed));
        return m_weights.back().tensor;
    };
    Result<std::size_t> result = compute();
    if (!result && result.error().code == ErrorCode::Cancelled)
        return result;
    return m_results.emplace(value, std::move(result)).first->second;
}

Result<void> ComputedWeights::store(const FoldedValue &folded, Computed &computed)
{
    if (!m_scratch) {
        QS_ASSIGN(m_scratch, ScratchFile::create());
    }
    computed.dtype = folded.dtype;
    computed.shape = folded.shape;
    computed.offset = m_scratch->size();
    std::vector<std::byte> bytes;
    for (std::size_t first = 0; first < folded.floats.size(); first += kValuesPerWrite) {
        const std::span<const float> values(folded.floats);
        encodeFloats(folded.dtype, values.subspan(first, std::min(kValuesPerWrite, values.size() - first)), bytes);
        QS_ASSIGN(const std::uint64_t ignored, m_scratch->append(bytes));
        static_cast<void>(ignored);
        computed.size += bytes.size();
    }
    return {};
}

Result<void> ComputedWeights::finish(Model &model)
{
    if (!m_scratch)
        return {};
    QS_ASSIGN(auto scratch, m_scratch->finish(model.files.front()->path().string() + ", computed weights"));
    const std::size_t file = model.files.size();
    model.files.push_back(std::move(scratch));
    for (std::size_t i = 0; i < m_weights.size(); ++i) {
        const Computed &weight = m_weights[i];
        TensorInfo &info = model.tensors[weight.tensor];
        model.computed.emplace(weight.tensor, ComputedTensor{weight.name, info});
        info.dtype = weight.dtype;
        info.shape = weight.shape;
        info.file = file;
        info.byteOffset = weight.offset;
        info.byteSize = weight.size;
        info.bigEndian = false;
        const Text reason = Text::of("part of the weight {}", inQuotes(info.name));
        for (const std::size_t part : weight.parts)
            if (part != weight.tensor && model.tensors[part].shape.size() >= 2 &&
                nodesBetween(m_context.graphs, m_context.scopes, m_context.scopes.valueOfTensor(part), m_values[i]))
                model.roles[part] = {.reason = reason, .layer = false};
    }
    return {};
}

} // namespace qs::onnx
