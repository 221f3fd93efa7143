// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/coded_groups.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <fmt/format.h>

namespace qs {
namespace {

using Do = ValueStep::Op;

constexpr unsigned kHqqWordCodes = 10; // of 3 bits in 32

/// A weight in rows and columns of its groups, [groups, size] or [size, groups].
struct Groups {
    std::uint64_t rows = 1;
    std::uint64_t columns = 1;
    bool alongRows = true; ///< a group is a row

    std::uint64_t count() const { return alongRows ? rows : columns; }
    std::uint64_t size() const { return alongRows ? columns : rows; }
    CodedNumbers each(NumberGrid grid) const
    {
        return {.grid = std::move(grid), .rowsEach = alongRows ? 1 : rows, .columnsEach = alongRows ? columns : 1};
    }
    /// One number per group.
    Result<NumberGrid> numbers(const CodedParts &parts, std::string_view suffix) const
    {
        return parts.grid(suffix, {}, 1, alongRows ? rows : 1, alongRows ? 1 : columns);
    }
};

/// Shape of a weight of which only the groups are known: its bias says how many outputs there are. Without one a row
/// of the shape is a group.
std::vector<std::uint64_t> shapeByBias(const CodedParts &parts, std::initializer_list<std::string_view> biases,
                                       const Groups &groups)
{
    const std::string_view suffix = parts.firstOf(biases);
    const TensorInfo *bias = suffix.empty() ? nullptr : parts.info(suffix);
    const std::uint64_t outputs = bias != nullptr && bias->shape.size() == 1 ? bias->elements() : 0;
    if (outputs == 0 || groups.count() % outputs != 0)
        return {groups.count(), groups.size()};
    return {outputs, groups.count() / outputs * groups.size()};
}

Packing hqqPacking(unsigned bits, DType words)
{
    if (bits == 8)
        return bytePacking(unsignedMeaning(8));
    return planePacking(bits, words == DType::I32 ? kHqqWordCodes : 8 / bits, true, unsignedMeaning(bits));
}

/// Bits of codes that share a byte, from how many more groups there are than rows of bytes.
Result<unsigned> hqqBits(const CodedParts &parts, std::uint64_t groups)
{
    const TensorInfo &codes = parts.codes();
    if (codes.dtype == DType::I32)
        return 3;
    for (const unsigned bits : {8U, 4U, 2U, 1U})
        if (codes.shape[0] * (8 / bits) == groups)
            return bits;
    return notUnderstood(Text::of("{} rows of codes do not fit {} groups", codes.shape[0], groups));
}

} // namespace

Result<CodedPlan> planHqq(const CodedParts &parts)
{
    const TensorInfo &codes = parts.codes();
    const TensorInfo &scales = *parts.info(".scale");
    if (codes.shape.size() != 2 || scales.elements() == 0)
        return notUnderstood(Text::of("codes of shape {}", shapeText(codes.shape)));
    const std::uint64_t count = scales.elements();
    Groups groups{.rows = count, .columns = codes.shape[1]};
    std::vector<std::uint64_t> shape;
    unsigned bits = 0;
    if (parts.find(".shape")) {
        QS_ASSIGN(shape, parts.wholeNumbers(".shape", parts.info(".shape")->elements() == 2 ? 2 : 4));
        std::optional<std::uint64_t> elements = 1;
        for (const std::uint64_t length : shape)
            elements = elements ? checkedMul(*elements, length) : std::nullopt;
        QS_ASSIGN(const std::vector<std::uint64_t> stated, parts.wholeNumbers(".nbits", 1));
        QS_ASSIGN(const std::vector<std::uint64_t> axis, parts.wholeNumbers(".axis", 1));
        if (!elements || *elements % count != 0 || stated[0] == 0 || stated[0] > 8)
            return notUnderstood(Text::of("a weight of shape {} in {} groups with codes of {} bits", shapeText(shape),
                                          count, stated[0]));
        groups.alongRows = axis[0] == 1;
        groups.rows = groups.alongRows ? count : *elements / count;
        groups.columns = groups.alongRows ? *elements / count : count;
        bits = static_cast<unsigned>(stated[0]);
    } else {
        if (scales.shape.size() != 2 || scales.shape[1] != 1)
            return notUnderstood(Text::of("the file does not say the shape of the weight"));
        QS_ASSIGN(bits, hqqBits(parts, count));
        shape = shapeByBias(parts, {".bias"}, groups);
    }
    const bool isWord = codes.dtype == DType::I32;
    if (bits == 3 ? !isWord : codes.dtype != DType::U8 || 8 % bits != 0)
        return notUnderstood(Text::of("codes of {} bits in elements of type {}", bits, codes.typeName()));
    QS_ASSIGN(NumberGrid grid, parts.codesGrid(hqqPacking(bits, codes.dtype), 1, groups.rows, groups.columns));
    QS_ASSIGN(NumberGrid zero, groups.numbers(parts, ".zero"));
    QS_ASSIGN(NumberGrid scale, groups.numbers(parts, ".scale"));
    const DType type = valueType(scales);
    CodedNumbers numbers{.grid = std::move(grid)};
    numbers.steps = {stepWith(Do::Subtract, groups.each(std::move(zero)), type),
                     stepWith(Do::Multiply, groups.each(std::move(scale)), type)};
    CodedPlan plan{.shape = std::move(shape),
                   .typeName = fmt::format("hqq_int{}", bits),
                   .bits = static_cast<int>(bits),
                   .mode = Mode::Asymmetric,
                   .granularity = groupsOf(groups.size(), groups.rows * groups.columns),
                   .sourceDType = type};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

namespace {

/// Codes of a byte each, or floats of 8 bits, with one scale per channel or for all.
Result<CodedPlan> quantoBytes(const CodedParts &parts, const TensorInfo &scales)
{
    const TensorInfo &codes = parts.codes();
    const std::vector<std::uint64_t> &shape = codes.shape;
    if (shape.size() < 2 || codes.elements() == 0)
        return notUnderstood(Text::of("codes of shape {}", shapeText(shape)));
    const std::uint64_t columns = codes.elements() / shape[0];
    const std::uint64_t count = scales.elements();
    const bool isFirst = count == shape[0];
    if (count != 1 && !isFirst && !(shape.size() == 2 && count == columns))
        return notUnderstood(Text::of("{} scales for codes of shape {}", count, shapeText(shape)));
    const bool isFloat = isDecodedFloat(codes.dtype);
    if (!isFloat && codes.dtype != DType::I8)
        return notUnderstood(Text::of("codes of type {}", codes.typeName()));
    QS_ASSIGN(NumberGrid grid, parts.codesGrid(bytePacking(isFloat ? smallFloatMeaning(codes.dtype) : signedMeaning(8)),
                                               1, shape[0], columns));
    QS_ASSIGN(NumberGrid scale, parts.grid("._scale", {}, 1, isFirst ? count : 1, isFirst ? 1 : count));
    CodedNumbers numbers{.grid = std::move(grid)};
    numbers.steps = {stepWith(Do::Multiply,
                              {.grid = std::move(scale),
                               .rowsEach = isFirst ? 1 : shape[0],
                               .columnsEach = isFirst || count == 1 ? columns : 1},
                              valueType(scales))};
    CodedPlan plan{.shape = shape,
                   .typeName = isFloat ? fmt::format("quanto_{}", nameOf(codes.dtype)) : std::string("quanto_int8"),
                   .bits = 8,
                   .granularity = count == 1 ? Granularity::tensor() : Granularity::channel(),
                   .sourceDType = valueType(scales)};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

} // namespace

Result<CodedPlan> planQuanto(const CodedParts &parts)
{
    const TensorInfo &codes = parts.codes();
    const TensorInfo &scales = *parts.info("._scale");
    const TensorInfo *shifts = parts.info("._shift");
    if (shifts == nullptr)
        return quantoBytes(parts, scales);
    if (codes.dtype != DType::U8 || codes.shape.size() != 2 || scales.shape.size() != 2 || scales.shape[1] != 1 ||
        codes.elements() == 0)
        return notUnderstood(
            Text::of("codes of shape {} with scales of shape {}", shapeText(codes.shape), shapeText(scales.shape)));
    const Groups groups{.rows = scales.shape[0], .columns = codes.shape[1]};
    const bool isFour = ceilDiv(groups.rows, 2) == codes.shape[0];
    if (!isFour && ceilDiv(groups.rows, 4) != codes.shape[0])
        return notUnderstood(Text::of("{} rows of codes do not fit {} groups", codes.shape[0], groups.rows));
    const unsigned bits = isFour ? 4 : 2;
    const DType type = valueType(scales);
    QS_ASSIGN(NumberGrid grid, parts.codesGrid(planePacking(bits, 8 / bits, false, unsignedMeaning(bits)), 1,
                                               groups.rows, groups.columns));
    QS_ASSIGN(NumberGrid scale, groups.numbers(parts, "._scale"));
    QS_ASSIGN(NumberGrid shift, groups.numbers(parts, "._shift"));
    CodedNumbers numbers{.grid = std::move(grid)};
    numbers.steps = {stepWith(Do::Multiply, groups.each(std::move(scale)), type),
                     stepWith(Do::Subtract, groups.each(std::move(shift)), type)};
    if (isInteger(shifts->dtype)) // a zero point: it is taken away first
        std::swap(numbers.steps[0], numbers.steps[1]);
    const std::string &prefix = parts.prefix();
    CodedPlan plan{.shape = shapeByBias(parts, {}, groups),
                   .typeName = fmt::format("quanto_int{}", bits),
                   .bits = static_cast<int>(bits),
                   .mode = Mode::Asymmetric,
                   .granularity = groupsOf(groups.columns, groups.rows * groups.columns),
                   .sourceDType = type};
    if (prefix.ends_with(".weight")) {
        const CodedParts module(parts.model(), parts.codesIndex(), prefix.substr(0, prefix.rfind('.')));
        plan.shape = shapeByBias(module, {".bias"}, groups);
    }
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

Result<CodedPlan> planTorchao(const CodedParts &parts)
{
    const TensorInfo &codes = parts.codes();
    // In flattened files the attributes of `m.weight` are `m._weight_qdata` …, in pickles `m.weight.qdata` ….
    // What other tools call them stands behind.
    const std::string_view scaleName = parts.firstOf({"._weight_scale", ".scale", ".weight.scale", ".qscale"});
    const std::string_view zeroName = parts.firstOf({"._weight_zero_point", ".zero_point", ".weight.zero_point"});
    const TensorInfo &scales = *parts.info(scaleName);
    const std::vector<std::uint64_t> &shape = codes.shape;
    const bool isFloat = isDecodedFloat(codes.dtype) && bitsOf(codes.dtype) == 8;
    if (shape.size() != 2 || codes.elements() == 0 || scales.elements() == 0 ||
        (!isFloat && codes.dtype != DType::I8) || !parts.firstOf({"._weight_act_pre_scale", ".act_pre_scale"}).empty())
        return notUnderstood(
            Text::of("codes of type {} and shape {} are ordered for one kernel", codes.typeName(), shapeText(shape)));
    const std::uint64_t count = scales.elements();
    const std::uint64_t rows = scales.shape.empty() || scales.shape[0] == 1 ? 1 : scales.shape[0];
    const std::uint64_t columns = count / rows;
    QS_ASSIGN(const std::uint64_t rowsEach, blockLength(shape[0], rows));
    QS_ASSIGN(const std::uint64_t columnsEach, blockLength(shape[1], columns));
    DType type = valueType(scales);
    // The file's metadata names the type of the values; scales may have a wider one.
    const std::string_view about = parts.metadata(parts.prefix() + ".weight");
    for (const auto &[text, named] : {std::pair{"\"bfloat16\"", DType::BF16}, std::pair{"\"float16\"", DType::F16}})
        if (about.find(text) != std::string_view::npos)
            type = named;
    QS_ASSIGN(NumberGrid grid, parts.codesGrid(bytePacking(isFloat ? smallFloatMeaning(codes.dtype) : signedMeaning(8)),
                                               1, shape[0], shape[1]));
    CodedNumbers numbers{.grid = std::move(grid)};
    const bool hasZero = !zeroName.empty();
    if (hasZero) {
        QS_ASSIGN(NumberGrid zero, parts.grid(zeroName, {}, 1, rows, columns));
        numbers.steps.push_back(
            stepWith(Do::Subtract, {.grid = std::move(zero), .rowsEach = rowsEach, .columnsEach = columnsEach}));
    }
    QS_ASSIGN(NumberGrid scale, parts.grid(scaleName, {}, 1, rows, columns));
    numbers.steps.push_back(
        stepWith(Do::Multiply, {.grid = std::move(scale), .rowsEach = rowsEach, .columnsEach = columnsEach}, type));
    CodedPlan plan{.shape = shape,
                   .typeName = isFloat ? fmt::format("torchao_{}", nameOf(codes.dtype))
                               : scaleName.starts_with("._") || scaleName == ".scale" ? std::string("torchao_int8")
                                                                                      : std::string("int8"),
                   .bits = 8,
                   .mode = hasZero ? Mode::Asymmetric : Mode::Symmetric,
                   .granularity = count == 1 ? Granularity::tensor() : groupsOf(columnsEach, shape[1]),
                   .sourceDType = type};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

} // namespace qs
