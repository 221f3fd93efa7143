// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/node_codes.h"

#include "core/base/checked_math.h"
#include "core/layers/coded_parts.h"

#include <fmt/format.h>

namespace qs::onnx {
namespace {

using Do = ValueStep::Op;

constexpr std::size_t kScales = 2;
constexpr std::size_t kZeroPoints = 3;
constexpr std::size_t kOrder = 4;

/// Attributes of a MatMulNBits.
struct Sizes {
    std::uint64_t inputs = 0;
    std::uint64_t outputs = 0;
    std::uint64_t block = 0;
    unsigned bits = 4;

    static std::optional<Sizes> of(const NodeView &view)
    {
        const std::int64_t inputs = view.integer("K", 0);
        const std::int64_t outputs = view.integer("N", 0);
        const std::int64_t block = view.integer("block_size", 0);
        const std::int64_t bits = view.integer("bits", 4);
        if (inputs < 1 || outputs < 1 || block < 1 || inputs % block != 0 || (bits != 2 && bits != 4 && bits != 8))
            return std::nullopt;
        return Sizes{static_cast<std::uint64_t>(inputs), static_cast<std::uint64_t>(outputs),
                     static_cast<std::uint64_t>(block), static_cast<unsigned>(bits)};
    }
    std::uint64_t blocks() const { return inputs / block; }
    int middle() const { return 1 << (bits - 1); }
};

Result<CodedPlan> planOf(const Model &model, std::size_t tensor, const Sizes &sizes, const NodeView &view)
{
    const std::uint32_t scales = view.tensorInput(kScales);
    const std::uint32_t zeros = view.tensorInput(kZeroPoints);
    if (scales == kNone || (view.hasInput(kZeroPoints) && zeros == kNone) || view.hasInput(kOrder))
        return notUnderstood(Text::of("inputs that are computed, or an order of columns"));
    const CodedParts parts(model, tensor, {});
    const bool isWhole = zeros != kNone && isInteger(model.tensors[zeros].dtype);
    const Packing packing = rowPacking(sizes.bits, 8, unsignedMeaning(sizes.bits));
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(packing, 1, sizes.outputs, sizes.inputs));
    CodedNumbers numbers{.grid = std::move(codes)};
    if (zeros != kNone) {
        QS_ASSIGN(NumberGrid grid,
                  NumberGrid::make(parts.part(zeros), isWhole ? packing : Packing{}, 1, sizes.outputs, sizes.blocks()));
        numbers.steps.push_back(stepWith(Do::Subtract, {.grid = std::move(grid), .columnsEach = sizes.block}));
    } else {
        numbers.steps.push_back(stepWith(Do::Subtract, static_cast<float>(sizes.middle())));
    }
    QS_ASSIGN(NumberGrid grid, NumberGrid::make(parts.part(scales), {}, 1, sizes.outputs, sizes.blocks()));
    const DType type = valueType(model.tensors[scales]);
    numbers.steps.push_back(stepWith(Do::Multiply, {.grid = std::move(grid), .columnsEach = sizes.block}, type));
    CodedPlan plan{.shape = {sizes.inputs, sizes.outputs},
                   .typeName = fmt::format("ort_int{}", sizes.bits),
                   .bits = static_cast<int>(sizes.bits),
                   .mode = zeros == kNone ? Mode::Symmetric : Mode::Asymmetric,
                   .granularity = groupsOf(sizes.block, sizes.inputs),
                   .sourceDType = type,
                   .channelAxis = 1};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), true));
    return plan;
}

} // namespace

std::optional<TensorRole> decodedByNode(Model &model, std::size_t tensor, const Finding &finding)
{
    if (finding.view.node().opType != "MatMulNBits")
        return std::nullopt;
    const auto sizes = Sizes::of(finding.view);
    if (!sizes)
        return std::nullopt;
    Result<CodedPlan> plan = planOf(model, tensor, *sizes, finding.view);
    if (!plan)
        return std::nullopt;
    TensorRole role = applyPlan(model, tensor, std::move(*plan));
    role.op = finding.consumption.op;
    role.reason = Text::of("MatMulNBits holds one row of codes per output");
    role.stored->tool = "ONNX Runtime";
    for (const std::size_t input : {kScales, kZeroPoints})
        if (const std::uint32_t part = finding.view.tensorInput(input); part != kNone)
            role.stored->others.push_back(part);
    return role;
}

} // namespace qs::onnx
