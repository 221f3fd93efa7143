// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/constant_folder.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <limits>

namespace qs::onnx {
namespace {

constexpr int kMaxSteps = 64;                 // of nodes behind each other
constexpr std::uint64_t kWorkPerElement = 64; // of the result
constexpr std::uint64_t kLeastWork = 1 << 20;
constexpr std::uint64_t kSmall = 1 << 16;                    // elements that any value may have
constexpr std::uint64_t kOutlined = 64;                      // whole numbers that an outline holds: shapes, axes
constexpr std::uint64_t kMostWork = std::uint64_t{1} << 32U; // elements, of one file
constexpr std::uint64_t kElementsPerRead = std::uint64_t{1} << 20U;

bool isComputedFloat(DType type)
{
    return type == DType::F32 || type == DType::F16 || type == DType::BF16;
}

} // namespace

ConstantFolder::ConstantFolder(FollowContext &context)
    : m_context(context)
    , m_largest(kSmall)
{
    for (std::uint32_t graph = 0; graph < context.graphs.graphs.size(); ++graph) {
        if (context.graphs.inFunction(graph))
            continue;
        for (const Node &node : context.graphs.graphs[graph].nodes)
            for (std::uint32_t i = 0; i < node.outputs.size(); ++i)
                if (context.constants.largestPart(node.firstOutput + i) > 0)
                    m_makers.emplace(node.firstOutput + i, ValueMaker{&node, graph, i});
    }
    for (const TensorInfo &tensor : context.model.tensors)
        m_largest = checkedAdd(m_largest, tensor.elements()).value_or(std::numeric_limits<std::uint64_t>::max());
}

const ValueMaker *ConstantFolder::makerOf(std::uint32_t value) const
{
    const auto found = m_makers.find(value);
    return found == m_makers.end() ? nullptr : &found->second;
}

Result<FoldedValue> ConstantFolder::evaluate(std::uint32_t value, std::uint64_t largest)
{
    m_left = std::min(largest, kMostWork) * kWorkPerElement + kLeastWork;
    m_isOutline = false;
    return valueOf(value, 0);
}

Result<FoldedValue> ConstantFolder::outline(std::uint32_t value)
{
    m_isOutline = true;
    return valueOf(value, 0);
}

Result<void> ConstantFolder::spend(std::uint64_t elements)
{
    QS_CHECK(m_context.source.context.check());
    if (m_isOutline)
        return {};
    if (elements > m_left || elements > kMostWork - m_spent)
        return notComputed(Text::of("it takes too much work"));
    m_left -= elements;
    m_spent += elements;
    return {};
}

Result<FoldedValue> ConstantFolder::valueOf(std::uint32_t value, int depth)
{
    if (depth > kMaxSteps)
        return notComputed(Text::of("it is behind more than {} nodes", kMaxSteps));
    if (value == kNone)
        return notComputed(Text::of("an input is left out"));
    if (const std::uint32_t tensor = m_context.scopes.tensorOf(value); tensor != kNone)
        return load(tensor);
    const ValueMaker *maker = makerOf(value);
    if (maker == nullptr)
        return notComputed(Text::of("it is made in another graph"));
    if (!m_isOutline)
        return made(*maker, depth + 1);
    if (const auto known = m_outlines.find(value); known != m_outlines.end())
        return known->second;
    Result<FoldedValue> result = made(*maker, depth + 1);
    if (result && result->known && result->count() > kOutlined)
        result = FoldedValue{.dtype = result->dtype, .shape = result->shape, .known = false};
    return m_outlines.emplace(value, std::move(result)).first->second;
}

Result<FoldedValue> ConstantFolder::load(std::uint32_t tensor)
{
    const TensorView view = m_context.model.view(tensor);
    const TensorInfo &info = *view.info;
    const bool isFloat = isComputedFloat(info.dtype);
    const std::uint64_t count = info.elements();
    if (!isFloat && !isInteger(info.dtype))
        return notComputed(Text::of("{} has the type {}", inQuotes(info.name), info.typeName()));
    FoldedValue result{.dtype = info.dtype, .shape = info.shape};
    if (m_isOutline && (isFloat || count > kOutlined)) {
        result.known = false;
        return result;
    }
    QS_CHECK(spend(count));
    const TensorElements elements(view);
    std::vector<double> numbers(isFloat ? 0 : std::min(count, kElementsPerRead));
    (isFloat ? result.floats.resize(count) : result.integers.resize(count));
    for (std::uint64_t first = 0; first < count; first += kElementsPerRead) {
        QS_CHECK(m_context.source.context.check());
        const std::uint64_t piece = std::min(kElementsPerRead, count - first);
        if (isFloat) {
            QS_CHECK(elements.floats(first, piece, result.floats.data() + first));
            continue;
        }
        QS_CHECK(elements.wholeNumbers(first, piece, numbers.data()));
        for (std::uint64_t i = 0; i < piece; ++i) // far inside 64 bits for all that arithmetic with weights uses
            result.integers[first + i] = static_cast<std::int64_t>(std::clamp(numbers[i], -0x1p62, 0x1p62));
    }
    return result;
}

Result<FoldedValue> ConstantFolder::made(const ValueMaker &maker, int depth)
{
    const Node &node = *maker.node;
    const NodeView view(m_context, node, nullptr);
    const FoldOperator compute =
        node.isStandard() && m_context.graphs.functionOf(node) == kNone ? foldOperator(node.opType) : nullptr;
    if (compute == nullptr)
        return notComputed(Text::of("{} is not computed", printable(node.opType.substr(0, 64))));
    if (node.inputs.empty())
        return notComputed(Text::of("{} has {} inputs", node.opType, node.inputs.size()));
    if (maker.output > 0 && node.opType != "Split")
        return notComputed(Text::of("{} has {} outputs", node.opType, node.outputs.size()));
    FoldCall call{.view = view,
                  .inputs = {},
                  .output = maker.output,
                  .largest = m_largest,
                  .spend = [this](std::uint64_t elements) { return spend(elements); }};
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        call.inputs.emplace_back();
        if (node.inputs[i].empty())
            continue;
        QS_ASSIGN(call.inputs.back(), valueOf(m_context.scopes.input(node, i), depth));
    }
    return compute(call);
}

} // namespace qs::onnx
