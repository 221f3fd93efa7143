// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/coded_integers.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace qs {
namespace {

using Do = ValueStep::Op;

constexpr unsigned kWordBits = 32;
constexpr std::array<unsigned, 7> kAnyBits{2, 3, 4, 5, 6, 7, 8};

Result<void> wantAxes(const TensorInfo &tensor, std::size_t axes)
{
    if (tensor.shape.size() != axes || tensor.elements() == 0)
        return notUnderstood(
            Text::of("{} has the shape {}, expected {} axes", inQuotes(tensor.name), shapeText(tensor.shape), axes));
    return {};
}

std::string integerName(std::string_view tool, unsigned bits)
{
    return fmt::format("{}_int{}", tool, bits);
}

/// Sizes of a weight [N, K] whose codes run down words [K·bits/32, N].
struct GptqSizes {
    std::uint64_t outputs = 0;
    std::uint64_t inputs = 0;
    std::uint64_t groups = 0;
    std::uint64_t groupSize = 0;
    unsigned bits = 4;
};

Result<GptqSizes> gptqSizes(const CodedParts &parts, const TensorInfo &scales, const TensorInfo &zeros)
{
    const std::vector<std::uint64_t> &words = parts.codes().shape;
    GptqSizes sizes{.outputs = words[1], .groups = scales.shape[0]};
    const auto found = std::ranges::find_if(
        kAnyBits, [&](unsigned bits) { return ceilDiv(sizes.outputs * bits, kWordBits) == zeros.shape[1]; });
    if (zeros.shape[0] != sizes.groups || found == kAnyBits.end())
        return notUnderstood(Text::of("{} of shape {} does not fit {} outputs in {} groups", inQuotes(zeros.name),
                                      shapeText(zeros.shape), sizes.outputs, sizes.groups));
    sizes.bits = *found;
    const auto stated = parts.number("config.quantization.bits"); // several widths may fit few outputs
    if (stated && *stated <= kAnyBits.back() && ceilDiv(sizes.outputs * *stated, kWordBits) == zeros.shape[1])
        sizes.bits = static_cast<unsigned>(*stated);
    const TensorInfo *index = parts.info(".g_idx");
    sizes.inputs = index != nullptr && !index->shape.empty() ? index->elements() : words[0] * kWordBits / sizes.bits;
    const auto configured = parts.number("config.quantization.group_size");
    if (configured && ceilDiv(sizes.inputs, *configured) == sizes.groups)
        sizes.groupSize = *configured;
    else
        sizes.groupSize = ceilDiv(sizes.inputs, sizes.groups);
    return sizes;
}

/// The numbers of a companion [groups, …] that each serve `groupSize` rows of the codes, or those that `g_idx` names.
CodedNumbers perGroup(const CodedParts &parts, NumberGrid grid, std::uint64_t groupSize)
{
    CodedNumbers numbers{.grid = std::move(grid), .rowsEach = groupSize};
    if (const auto index = parts.find(".g_idx"))
        numbers.rowOf = parts.part(*index);
    return numbers;
}

Result<CodedPlan> planGptq(const CodedParts &parts, const TensorInfo &scales, const TensorInfo &zeros)
{
    QS_ASSIGN(const GptqSizes sizes, gptqSizes(parts, scales, zeros));
    // Version 1 stores zero points less one.
    const int less = parts.metadata("config.quantization.checkpoint_format") == "gptq_v2" ? 0 : 1;
    QS_ASSIGN(NumberGrid codes,
              parts.codesGrid(downPacking(sizes.bits, unsignedMeaning(sizes.bits)), 1, sizes.inputs, sizes.outputs));
    QS_ASSIGN(NumberGrid zeroGrid,
              parts.grid(".qzeros", rowPacking(sizes.bits, kWordBits, unsignedMeaning(sizes.bits, -less)), 1,
                         sizes.groups, sizes.outputs));
    QS_ASSIGN(NumberGrid scaleGrid, parts.grid(".scales", {}, 1, sizes.groups, sizes.outputs));
    CodedNumbers numbers{.grid = std::move(codes)};
    numbers.steps = {stepWith(Do::Subtract, perGroup(parts, std::move(zeroGrid), sizes.groupSize)),
                     stepWith(Do::Multiply, perGroup(parts, std::move(scaleGrid), sizes.groupSize), valueType(scales))};
    CodedPlan plan{.shape = {sizes.outputs, sizes.inputs},
                   .typeName = integerName("gptq", sizes.bits),
                   .bits = static_cast<int>(sizes.bits),
                   .mode = Mode::Asymmetric,
                   .granularity = groupsOf(sizes.groupSize, sizes.inputs),
                   .sourceDType = valueType(scales)};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), true));
    return plan;
}

Result<CodedPlan> planAwq(const CodedParts &parts, const TensorInfo &scales)
{
    const std::uint64_t inputs = parts.codes().shape[0];
    const std::uint64_t outputs = scales.shape[1];
    const std::uint64_t groups = scales.shape[0];
    const std::uint64_t groupSize = ceilDiv(inputs, groups);
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(awqPacking(unsignedMeaning(4)), 1, inputs, outputs));
    QS_ASSIGN(NumberGrid zeros, parts.grid(".qzeros", awqPacking(unsignedMeaning(4)), 1, groups, outputs));
    QS_ASSIGN(NumberGrid scaleGrid, parts.grid(".scales", {}, 1, groups, outputs));
    CodedNumbers numbers{.grid = std::move(codes)};
    numbers.steps = {stepWith(Do::Subtract, {.grid = std::move(zeros), .rowsEach = groupSize}),
                     stepWith(Do::Multiply, {.grid = std::move(scaleGrid), .rowsEach = groupSize}, valueType(scales))};
    CodedPlan plan{.shape = {outputs, inputs},
                   .typeName = integerName("awq", 4),
                   .bits = 4,
                   .mode = Mode::Asymmetric,
                   .granularity = groupsOf(groupSize, inputs),
                   .sourceDType = valueType(scales)};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), true));
    return plan;
}

} // namespace

Result<CodedPlan> planGptqOrAwq(const CodedParts &parts)
{
    const TensorInfo &scales = *parts.info(".scales");
    const TensorInfo &zeros = *parts.info(".qzeros");
    for (const TensorInfo *tensor : {&parts.codes(), &scales, &zeros})
        QS_CHECK(wantAxes(*tensor, 2));
    if (parts.codes().shape[1] == scales.shape[1])
        return planGptq(parts, scales, zeros);
    if (parts.codes().shape[1] == ceilDiv(scales.shape[1], 8))
        return planAwq(parts, scales);
    return notUnderstood(Text::of("words of shape {} do not fit scales of shape {} (neither GPTQ's layout nor "
                                  "AWQ's 'gemm')",
                                  shapeText(parts.codes().shape), shapeText(scales.shape)));
}

Result<CodedPlan> planForOneKernel(const CodedParts & /*parts*/)
{
    return notUnderstood(Text::of("the words are ordered for one kernel on one kind of processor"));
}

Result<CodedPlan> planSparse(const CodedParts & /*parts*/)
{
    return notUnderstood(Text::of("only the weights that are not zero are stored"));
}

Result<CodedPlan> planCodebooks(const CodedParts & /*parts*/)
{
    return notUnderstood(Text::of("the codes choose entries of codebooks in an order of the tool's own"));
}

Result<CodedPlan> planPackedStream(const CodedParts &parts)
{
    QS_CHECK(wantAxes(parts.codes(), 2));
    QS_ASSIGN(const std::vector<std::uint64_t> shape, parts.wholeNumbers(".weight_shape", 2));
    const std::uint64_t words = parts.codes().shape[1];
    constexpr std::array<unsigned, 7> kBits{4, 8, 2, 3, 5, 6, 7}; // the usual ones first, where several fit
    const auto found =
        std::ranges::find_if(kBits, [&](unsigned b) { return ceilDiv(shape[1] * b, kWordBits) == words; });
    if (parts.codes().shape[0] != shape[0] || shape[1] == 0 || found == kBits.end())
        return notUnderstood(Text::of("words of shape {} do not hold a weight of shape {}",
                                      shapeText(parts.codes().shape), shapeText(shape)));
    if (parts.find(".weight_g_idx"))
        return notUnderstood(Text::of("its columns are in groups by activation order"));
    const unsigned bits = *found;
    if (bits == 4 || bits == 8)
        return notUnderstood(Text::of("these are codes that kernels read"));
    const int middle = 1 << (bits - 1);
    const TensorInfo &scales = *parts.info(".weight_scale");
    const std::uint64_t groups = scales.shape.size() == 2 ? scales.shape[1] : 1;
    const std::uint64_t rows = scales.shape.empty() || scales.shape[0] == 1 ? 1 : shape[0];
    QS_ASSIGN(const std::uint64_t groupSize, blockLength(shape[1], groups));
    QS_ASSIGN(NumberGrid codes,
              parts.codesGrid(rowPacking(bits, kWordBits, unsignedMeaning(bits, middle)), 1, shape[0], shape[1]));
    CodedNumbers numbers{.grid = std::move(codes)};
    if (const TensorInfo *zeros = parts.info(".weight_zero_point")) {
        const bool packed = zeros->dtype == DType::I32;
        QS_ASSIGN(NumberGrid grid,
                  parts.grid(".weight_zero_point",
                             packed ? downPacking(bits, unsignedMeaning(bits, middle)) : Packing{}, 1, rows, groups));
        numbers.steps.push_back(stepWith(
            Do::Subtract, {.grid = std::move(grid), .rowsEach = ceilDiv(shape[0], rows), .columnsEach = groupSize}));
    }
    QS_ASSIGN(NumberGrid grid, parts.grid(".weight_scale", {}, 1, rows, groups));
    numbers.steps.push_back(
        stepWith(Do::Multiply, {.grid = std::move(grid), .rowsEach = ceilDiv(shape[0], rows), .columnsEach = groupSize},
                 valueType(scales)));
    CodedPlan plan{.shape = shape,
                   .typeName = integerName("ct", bits),
                   .bits = static_cast<int>(bits),
                   .mode = numbers.steps.size() == 2 ? Mode::Asymmetric : Mode::Symmetric,
                   .granularity = groupsOf(groupSize, shape[1]),
                   .sourceDType = valueType(scales)};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

namespace {

/// Matrices, rows and last axis of a tensor of two or three axes.
struct Sizes {
    std::uint64_t matrices{1};
    std::uint64_t rows{1};
    std::uint64_t last{1};

    static Result<Sizes> from(const TensorInfo &tensor)
    {
        const std::vector<std::uint64_t> &shape = tensor.shape;
        if ((shape.size() != 2 && shape.size() != 3) || tensor.elements() == 0)
            return notUnderstood(
                Text::of("{} has the shape {}, expected two or three axes", inQuotes(tensor.name), shapeText(shape)));
        return Sizes{shape.size() == 3 ? shape[0] : 1, shape[shape.size() - 2], shape.back()};
    }
    std::vector<std::uint64_t> shape(std::size_t axes, std::uint64_t columns) const
    {
        return axes == 3 ? std::vector{matrices, rows, columns} : std::vector{rows, columns};
    }
};

/// mxfp4, mxfp8 and nvfp4 of MLX: scales of 8 bits, groups of 32 or 16.
Result<CodedPlan> planMlxFloats(const CodedParts &parts, const Sizes &words, const Sizes &scales)
{
    const std::string_view own = parts.metadata(fmt::format("config.quantization.{}.mode", parts.prefix()));
    const bool isNv = (own.empty() ? parts.metadata("config.quantization.mode") : own) == "nvfp4";
    const std::uint64_t group = isNv ? 16 : 32;
    const std::uint64_t inputs = scales.last * group;
    const bool four = words.last * 8 == inputs;
    if (!four && words.last * 4 != inputs)
        return notUnderstood(Text::of("{} words and {} scales per row fit neither 4 nor 8 bits in groups of {}",
                                      words.last, scales.last, group));
    Packing packing =
        four ? rowPacking(4, kWordBits, e2m1Meaning()) : rowPacking(8, kWordBits, smallFloatMeaning(DType::F8E4M3));
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(std::move(packing), words.matrices, words.rows, inputs));
    QS_ASSIGN(NumberGrid grid,
              parts.grid(".scales", isNv ? bytePacking(smallFloatMeaning(DType::F8E4M3)) : bytePacking(e8m0Meaning()),
                         words.matrices, words.rows, scales.last));
    CodedNumbers numbers{.grid = std::move(codes)};
    numbers.steps = {stepWith(Do::Multiply, {.grid = std::move(grid), .columnsEach = group}, DType::BF16)};
    CodedPlan plan{.shape = words.shape(parts.codes().shape.size(), inputs),
                   .typeName = isNv   ? "nvfp4"
                               : four ? "mxfp4"
                                      : "mxfp8",
                   .bits = four ? 4 : 8,
                   .granularity = groupsOf(group, inputs),
                   .sourceDType = DType::BF16,
                   .channelAxis = parts.codes().shape.size() == 3 ? 1 : 0};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

/// log2 of the levels that the weights of a usual group take: both ends of a group are about as far from 0, so that its
/// bias is half of the levels times its scale. Looks at the first rows; `usual` where these hold nothing but zeros.
Result<double> mlxBits(const NumberGrid &scales, const NumberGrid &biases, std::uint64_t rows, std::uint64_t groups,
                       double usual)
{
    rows = std::min<std::uint64_t>(rows, 16);
    std::vector<float> steps(rows * groups);
    std::vector<float> offsets(steps.size());
    QS_CHECK(scales.read({0, 0, rows, 0, groups}, steps.data()));
    QS_CHECK(biases.read({0, 0, rows, 0, groups}, offsets.data()));
    std::vector<double> ratios;
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (const double ratio = std::abs(double{offsets[i]} / steps[i]); std::isfinite(ratio) && ratio > 0)
            ratios.push_back(ratio);
    if (ratios.empty())
        return usual;
    const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
    std::ranges::nth_element(ratios, middle);
    return std::log2(2 * *middle + 1);
}

} // namespace

Result<CodedPlan> planMlx(const CodedParts &parts)
{
    const TensorInfo &scaleInfo = *parts.info(".scales");
    QS_ASSIGN(const Sizes words, Sizes::from(parts.codes()));
    QS_ASSIGN(const Sizes scales, Sizes::from(scaleInfo));
    if (!parts.find(".biases"))
        return planMlxFloats(parts, words, scales);
    constexpr std::array<std::uint64_t, 4> kGroups{64, 32, 128, 16};
    std::vector<std::uint64_t> groups(kGroups.begin(), kGroups.end());
    const auto bitsIn = [&](std::uint64_t group) -> unsigned {
        const auto weights = checkedMul(scales.last, group);
        const auto found = std::ranges::find_if(kAnyBits, [&](unsigned b) {
            const auto bits = weights ? checkedMul(*weights, b) : std::nullopt;
            return bits && b != 7 && *bits == words.last * kWordBits;
        });
        return found == kAnyBits.end() ? 0 : *found;
    };
    const auto configured = parts.number("config.quantization.group_size");
    const auto own = parts.number(fmt::format("config.quantization.{}.group_size", parts.prefix()));
    QS_ASSIGN(NumberGrid scaleGrid, parts.grid(".scales", {}, words.matrices, words.rows, scales.last));
    QS_ASSIGN(NumberGrid biasGrid, parts.grid(".biases", {}, words.matrices, words.rows, scales.last));
    for (const auto &known : {configured, own})
        if (known)
            groups.insert(groups.begin(), *known);
    if (!configured && !own) { // twice the width in groups half as long has the same shapes
        QS_ASSIGN(const double bits, mlxBits(scaleGrid, biasGrid, words.rows, scales.last, 4));
        std::ranges::sort(groups, {}, [&](std::uint64_t group) { return std::abs(bitsIn(group) - bits); });
    }
    const auto group = std::ranges::find_if(groups, [&](std::uint64_t size) { return bitsIn(size) != 0; });
    if (group == groups.end())
        return notUnderstood(Text::of("{} words and {} scales per row fit no width of codes in groups of 64, 32, "
                                      "128 or 16",
                                      words.last, scales.last));
    const unsigned bits = bitsIn(*group);
    const std::uint64_t inputs = scales.last * *group;
    const DType type = valueType(scaleInfo);
    QS_ASSIGN(NumberGrid codes,
              parts.codesGrid(rowPacking(bits, kWordBits, unsignedMeaning(bits)), words.matrices, words.rows, inputs));
    CodedNumbers numbers{.grid = std::move(codes)};
    numbers.steps = {stepWith(Do::Multiply, {.grid = std::move(scaleGrid), .columnsEach = *group}, type),
                     stepWith(Do::Add, {.grid = std::move(biasGrid), .columnsEach = *group}, type)};
    CodedPlan plan{.shape = words.shape(parts.codes().shape.size(), inputs),
                   .typeName = integerName("mlx", bits),
                   .bits = static_cast<int>(bits),
                   .mode = Mode::Asymmetric,
                   .granularity = groupsOf(*group, inputs),
                   .sourceDType = type,
                   .channelAxis = parts.codes().shape.size() == 3 ? 1 : 0};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

Result<CodedPlan> planQuark(const CodedParts &parts)
{
    QS_CHECK(wantAxes(parts.codes(), 2));
    const TensorInfo &scales = *parts.info(".weight_scale");
    const std::uint64_t rows = parts.codes().shape[0];
    const std::uint64_t outputs = parts.codes().shape[1] * 8;
    const std::uint64_t groups = scales.shape.size() == 2 ? scales.shape[0] : 1;
    QS_ASSIGN(const std::uint64_t groupSize, blockLength(rows, groups));
    const bool isUnsigned = parts.find(".weight_zero_point").has_value();
    const auto meaning = [&] { return isUnsigned ? unsignedMeaning(4) : signedMeaning(4); };
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(awqPacking(meaning()), 1, rows, outputs));
    QS_ASSIGN(NumberGrid scaleGrid, parts.grid(".weight_scale", {}, 1, groups, outputs));
    CodedNumbers numbers{.grid = std::move(codes)};
    if (isUnsigned) {
        QS_ASSIGN(NumberGrid zeros, parts.grid(".weight_zero_point", awqPacking(meaning()), 1, groups, outputs));
        numbers.steps.push_back(stepWith(Do::Subtract, {.grid = std::move(zeros), .rowsEach = groupSize}));
    }
    numbers.steps.push_back(
        stepWith(Do::Multiply, {.grid = std::move(scaleGrid), .rowsEach = groupSize}, valueType(scales)));
    CodedPlan plan{.shape = {outputs, rows},
                   .typeName = integerName("quark", 4),
                   .bits = 4,
                   .mode = isUnsigned ? Mode::Asymmetric : Mode::Symmetric,
                   .granularity = groupsOf(groupSize, rows),
                   .sourceDType = valueType(scales)};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), true));
    return plan;
}

Result<CodedPlan> planBitNet(const CodedParts &parts)
{
    QS_CHECK(wantAxes(parts.codes(), 2));
    const std::uint64_t rows = parts.codes().shape[0] * 4;
    const std::uint64_t columns = parts.codes().shape[1];
    const TensorInfo &scales = *parts.info(".weight_scale");
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(planePacking(2, 4, false, unsignedMeaning(2, 1)), 1, rows, columns));
    QS_ASSIGN(NumberGrid scale, parts.grid(".weight_scale", {}, 1, 1, 1));
    CodedNumbers numbers{.grid = std::move(codes)};
    // The layer divides by its scale; the class that computes with floats multiplies.
    const bool multiplies = parts.metadata("config.quantization.linear_class") == "autobitlinear";
    numbers.steps = {stepWith(multiplies ? Do::Multiply : Do::Divide,
                              {.grid = std::move(scale), .rowsEach = rows, .columnsEach = columns}, valueType(scales))};
    CodedPlan plan{.shape = {rows, columns},
                   .typeName = "bitnet_ternary",
                   .bits = 2,
                   .granularity = Granularity::tensor(),
                   .sourceDType = valueType(scales)};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

} // namespace qs
