// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/coded_floats.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <bit>

#include <fmt/format.h>

namespace qs {
namespace {

using Do = ValueStep::Op;

constexpr std::uint64_t kMxGroup = 32;
constexpr std::uint64_t kNvGroup = 16;

/// Scales over `matrices` × `rows` × `columns` codes.
struct Reach {
    std::uint64_t matrices = 1;
    std::uint64_t rows = 1; ///< of scales
    std::uint64_t columns = 1;
    std::uint64_t rowsEach = 1;
    std::uint64_t columnsEach = 1;
};

/// What the shape of the scales says: one, one per matrix, per row, or one per block.
Result<Reach> reachOf(const TensorInfo &scales, std::uint64_t matrices, std::uint64_t rows, std::uint64_t columns)
{
    std::vector<std::uint64_t> shape = scales.shape;
    const std::uint64_t count = scales.elements();
    Reach reach{.rowsEach = rows, .columnsEach = columns};
    if (count == 1)
        return reach;
    if (matrices > 1 && !shape.empty() && shape[0] == matrices) {
        reach.matrices = matrices;
        shape.erase(shape.begin());
    }
    if (count == reach.matrices)
        return reach;
    if (shape.size() == 1)
        shape.push_back(1);
    if (shape.size() != 2)
        return notUnderstood(Text::of("{} has the shape {}", inQuotes(scales.name), shapeText(scales.shape)));
    reach.rows = shape[0];
    reach.columns = shape[1];
    QS_ASSIGN(reach.rowsEach, blockLength(rows, reach.rows));
    QS_ASSIGN(reach.columnsEach, blockLength(columns, reach.columns));
    // Blocks have the same size both ways, as a rule: a power of two that fits one axis is tried for the other.
    const auto fit = [](std::uint64_t &each, std::uint64_t other, std::uint64_t length, std::uint64_t blocks) {
        if (blocks > 1 && std::has_single_bit(other) && ceilDiv(length, other) == blocks)
            each = other;
    };
    if (reach.rows > 1 && reach.columns > 1 && !std::has_single_bit(reach.rowsEach))
        fit(reach.rowsEach, reach.columnsEach, rows, reach.rows);
    else if (reach.rows > 1 && reach.columns > 1)
        fit(reach.columnsEach, reach.rowsEach, columns, reach.columns);
    return reach;
}

/// One scale per column: the outputs are the last axis.
bool isPerColumn(const Reach &reach)
{
    return reach.rows == 1 && reach.columns > 1 && reach.columnsEach == 1;
}

Granularity granularityOf(const Reach &reach, std::uint64_t columns)
{
    if (isPerColumn(reach))
        return Granularity::channel();
    return reach.rows == 1 && reach.columns == 1 ? Granularity::tensor() : groupsOf(reach.columnsEach, columns);
}

/// Weights are of the type that the model computes in, where scales of float32 do not say it.
DType sourceType(const CodedParts &parts, DType type)
{
    return type == DType::F32 && parts.metadata("config.torch_dtype") == "bfloat16" ? DType::BF16 : type;
}

} // namespace

Result<CodedPlan> planFloat8(const CodedParts &parts)
{
    const TensorInfo &codesInfo = parts.codes();
    const std::vector<std::uint64_t> &shape = codesInfo.shape;
    if ((shape.size() != 2 && shape.size() != 3) || codesInfo.elements() == 0)
        return notUnderstood(Text::of("codes of shape {} with a scale", shapeText(shape)));
    const std::string_view suffix =
        parts.firstOf({".weight_scale_inv", ".weight_scale", ".scale_weight", ".weight.scale", ".scale", ".scales",
                       ".qscale_weight", ".weight_scales", ".scale_inv", ".weights_scaling_factor", "_weight_scale_inv",
                       "_weight_scale", "_scale_inv", "_scale", "_scales"});
    const TensorInfo &scales = *parts.info(suffix);
    const std::uint64_t matrices = shape.size() == 3 ? shape[0] : 1;
    const std::uint64_t rows = shape[shape.size() - 2];
    const std::uint64_t columns = shape.back();
    QS_ASSIGN(const Reach reach, reachOf(scales, matrices, rows, columns));
    QS_ASSIGN(NumberGrid codes,
              parts.codesGrid(bytePacking(smallFloatMeaning(codesInfo.dtype)), matrices, rows, columns));
    QS_ASSIGN(NumberGrid grid, parts.grid(suffix, scalePacking(scales), reach.matrices, reach.rows, reach.columns));
    CodedNumbers numbers{.grid = std::move(codes)};
    numbers.steps = {stepWith(Do::Multiply,
                              {.grid = std::move(grid), .rowsEach = reach.rowsEach, .columnsEach = reach.columnsEach})};
    const bool isMx = bitsOf(scales.dtype) == 8;
    CodedPlan plan{.shape = shape,
                   .typeName = isMx ? "mxfp8" : fmt::format("{}_scaled", nameOf(codesInfo.dtype)),
                   .bits = 8,
                   .granularity = granularityOf(reach, columns),
                   .sourceDType = sourceType(parts, valueType(scales)),
                   .channelAxis = static_cast<int>(shape.size()) - (isPerColumn(reach) ? 1 : 2)};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

namespace {

Result<CodedPlan> blocksPlan(const CodedParts &parts, std::string_view scaleSuffix, bool transposed)
{
    const std::vector<std::uint64_t> &shape = parts.codes().shape;
    if (shape.size() < 3 || shape.back() * 2 != kMxGroup || parts.codes().elements() == 0)
        return notUnderstood(Text::of("blocks of shape {}, expected 16 bytes each", shapeText(shape)));
    const std::uint64_t groups = shape[shape.size() - 2];
    const std::uint64_t rows = shape[shape.size() - 3];
    std::uint64_t matrices = 1;
    for (std::size_t i = 0; i + 3 < shape.size(); ++i)
        matrices *= shape[i];
    const std::uint64_t columns = groups * kMxGroup;
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(rowPacking(4, 8, e2m1Meaning()), matrices, rows, columns));
    QS_ASSIGN(NumberGrid scales, parts.grid(scaleSuffix, bytePacking(e8m0Meaning()), matrices, rows, groups));
    CodedNumbers numbers{.grid = std::move(codes)};
    numbers.steps = {stepWith(Do::Multiply, {.grid = std::move(scales), .columnsEach = kMxGroup}, DType::BF16)};
    CodedPlan plan{.shape = {shape.begin(), shape.end() - 3},
                   .typeName = "mxfp4",
                   .bits = 4,
                   .granularity = Granularity::group(kMxGroup),
                   .sourceDType = DType::BF16};
    plan.shape.push_back(transposed ? columns : rows);
    plan.shape.push_back(transposed ? rows : columns);
    plan.channelAxis = static_cast<int>(plan.shape.size()) - (transposed ? 1 : 2);
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), transposed));
    return plan;
}

} // namespace

Result<CodedPlan> planBlocksOfExperts(const CodedParts &parts)
{
    return blocksPlan(parts, "_scales", true);
}

Result<CodedPlan> planBlocks(const CodedParts &parts)
{
    return blocksPlan(parts, ".scales", false);
}

Result<CodedPlan> planFloat4(const CodedParts &parts)
{
    const std::vector<std::uint64_t> &shape = parts.codes().shape;
    if ((shape.size() != 2 && shape.size() != 3) || parts.codes().elements() == 0)
        return notUnderstood(Text::of("codes of shape {}", shapeText(shape)));
    const std::string_view suffix = parts.firstOf({".weight_scale", "_scale"});
    const TensorInfo &scales = *parts.info(suffix);
    const std::uint64_t matrices = shape.size() == 3 ? shape[0] : 1;
    const std::uint64_t rows = shape[shape.size() - 2];
    const std::uint64_t columns = shape.back() * 2;
    const bool isNv = scales.dtype == DType::F8E4M3;
    const std::uint64_t group = isNv ? kNvGroup : kMxGroup;
    if (bitsOf(scales.dtype) != 8)
        return notUnderstood(
            Text::of("{} has the type {}, expected f8_e4m3, f8_e8m0 or u8", inQuotes(scales.name), scales.typeName()));
    if (columns % group != 0)
        return notUnderstood(Text::of("{} weights per row are no groups of {}", columns, group));
    if (parts.find(".comfy_quant") || scales.elements() != matrices * rows * (columns / group))
        return notUnderstood(Text::of("its scales are ordered in tiles for one kernel"));
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(rowPacking(4, 8, e2m1Meaning()), matrices, rows, columns));
    QS_ASSIGN(NumberGrid grid,
              parts.grid(suffix, isNv ? bytePacking(smallFloatMeaning(DType::F8E4M3)) : bytePacking(e8m0Meaning()),
                         matrices, rows, columns / group));
    CodedNumbers scale{.grid = std::move(grid), .columnsEach = group};
    // The second level: ModelOpt multiplies by it, compressed-tensors divides.
    const bool divides = parts.find(".weight_global_scale").has_value();
    const std::string_view second = parts.firstOf({".weight_scale_2", "_scale_2", ".weight_global_scale"});
    if (!second.empty()) {
        const std::uint64_t count = parts.info(second)->elements();
        QS_ASSIGN(NumberGrid global, parts.grid(second, {}, count == matrices ? matrices : 1, 1, 1));
        scale.steps = {stepWith(divides ? Do::Divide : Do::Multiply,
                                {.grid = std::move(global), .rowsEach = rows, .columnsEach = columns / group})};
    }
    CodedNumbers numbers{.grid = std::move(codes)};
    numbers.steps = {stepWith(Do::Multiply, std::move(scale))};
    CodedPlan plan{.shape = shape,
                   .typeName = isNv ? "nvfp4" : "mxfp4",
                   .bits = 4,
                   .granularity = Granularity::group(static_cast<std::uint32_t>(group)),
                   .sourceDType = sourceType(parts, DType::F32),
                   .channelAxis = shape.size() == 3 ? 1 : 0};
    plan.shape.back() = columns;
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

} // namespace qs
