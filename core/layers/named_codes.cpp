// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/named_codes.h"

#include "core/layers/coded_parts.h"
#include "core/tensor/matrix_shape.h"

#include <string>

namespace qs {
namespace {

constexpr std::string_view kFormat = "onnx";
constexpr std::string_view kSuffix = "_quantized";
constexpr std::string_view kScale = "_scale";
constexpr std::string_view kZeroPoint = "_zero_point";

/// How codes are cut so that scales repeat: matrices of rows of columns, and what one scale reaches over.
struct Reach {
    std::uint64_t rows = 1;
    std::uint64_t columns = 1;
    std::uint64_t rowsEach = 1;
    std::uint64_t columnsEach = 1;
};

std::optional<Reach> reachOf(const TensorInfo &codes, std::uint64_t scales, int outputAxis)
{
    const std::size_t axes = codes.shape.size();
    const std::uint64_t count = codes.elements();
    if (axes == 0 || count == 0)
        return std::nullopt;
    Reach reach{.rows = codes.shape[0], .columns = count / codes.shape[0]};
    if (axes == 1) // one row
        reach = {.rows = 1, .columns = count};
    if (scales == 1) {
        reach.rowsEach = reach.rows;
        reach.columnsEach = reach.columns;
        return reach;
    }
    const bool first = axes > 1 && scales == reach.rows;
    const bool second = axes <= 2 && scales == reach.columns;
    if (!first && !second)
        return std::nullopt;
    if (first && second && outputAxis == kNoAxis)
        return std::nullopt;
    const bool byRows = first && (!second || outputAxis == 0);
    (byRows ? reach.columnsEach : reach.rowsEach) = byRows ? reach.columns : reach.rows;
    return reach;
}

ValueStep stepWith(ValueStep::Op op, NumberGrid grid, const Reach &reach)
{
    ValueStep step;
    step.op = op;
    step.operand = std::make_shared<const CodedNumbers>(
        CodedNumbers{.grid = std::move(grid), .rowsEach = reach.rowsEach, .columnsEach = reach.columnsEach});
    return step;
}

Result<std::shared_ptr<const CodedValues>> decode(const CodedParts &parts, const Reach &reach)
{
    const std::uint64_t rows = reach.rows / reach.rowsEach;
    const std::uint64_t columns = reach.columns / reach.columnsEach;
    QS_ASSIGN(NumberGrid codes, parts.codesGrid({}, 1, reach.rows, reach.columns));
    CodedNumbers numbers{.grid = std::move(codes)};
    if (parts.find(kZeroPoint)) {
        QS_ASSIGN(NumberGrid zeros, parts.grid(kZeroPoint, {}, 1, rows, columns));
        numbers.steps.push_back(stepWith(ValueStep::Op::Subtract, std::move(zeros), reach));
    }
    QS_ASSIGN(NumberGrid scales, parts.grid(kScale, {}, 1, rows, columns));
    numbers.steps.push_back(stepWith(ValueStep::Op::Multiply, std::move(scales), reach));
    return CodedWeight::make(std::move(numbers), false);
}

/// A bias that a node adds to a product of codes: its scale is that of the inputs times those of the weights.
NamedCodes codesOfBias(const Model &model, std::size_t tensor, const std::vector<std::size_t> &scaledBy)
{
    const CodedParts parts(model, tensor, {});
    const std::uint64_t count = model.tensors[tensor].elements();
    std::shared_ptr<const CodedNumbers> product;
    for (const std::size_t part : scaledBy) {
        const std::uint64_t scales = model.tensors[part].elements();
        auto grid = NumberGrid::make(parts.part(part), {}, 1, 1, scales);
        if (!grid || !isWeightFloat(model.tensors[part].dtype) || (scales != 1 && scales != count))
            return {};
        CodedNumbers numbers{.grid = std::move(*grid), .columnsEach = scales == 1 ? count : 1};
        if (product && scales == 1 && count > 1 && product->columnsEach == 1)
            return {}; // one value cannot be multiplied by several
        if (product)
            numbers.steps.push_back({.op = ValueStep::Op::Multiply, .operand = product});
        product = std::make_shared<const CodedNumbers>(std::move(numbers));
    }
    auto codes = parts.codesGrid({}, 1, 1, count);
    if (!codes || !product)
        return {};
    CodedNumbers numbers{.grid = std::move(*codes)};
    numbers.steps.push_back({.op = ValueStep::Op::Multiply, .operand = product});
    auto values = CodedWeight::make(std::move(numbers), false);
    return values ? NamedCodes{.values = std::move(*values), .parts = scaledBy} : NamedCodes();
}

} // namespace

NamedCodes codesByName(const Model &model, std::size_t tensor)
{
    const TensorInfo &info = model.tensors[tensor];
    const bool isCode = !info.encoding && isInteger(info.dtype) && bitsOf(info.dtype) >= 8 &&
                        bitsOf(info.dtype) <= 32 && info.dtype != DType::Bool;
    if (!model.format.starts_with(kFormat) || !isCode)
        return {};
    if (const auto role = model.roles.find(tensor); role != model.roles.end() && !role->second.scaledBy.empty())
        return codesOfBias(model, tensor, role->second.scaledBy);
    const auto index = model.layerOf(tensor);
    if (index && model.layers[*index].stored)
        return {}; // its scales are known
    std::vector<std::string> prefixes{info.name};
    if (info.name.ends_with(kSuffix))
        prefixes.push_back(info.name.substr(0, info.name.size() - kSuffix.size()));
    for (std::string &prefix : prefixes) {
        const CodedParts parts(model, tensor, std::move(prefix));
        const TensorInfo *scales = parts.info(kScale);
        if (scales == nullptr || !isWeightFloat(scales->dtype))
            continue;
        const int axis = index ? model.layers[*index].channelAxis : kNoAxis;
        const auto reach = reachOf(info, scales->elements(), axis);
        if (!reach)
            continue;
        auto values = decode(parts, *reach);
        if (!values)
            continue;
        NamedCodes found{.values = std::move(*values)};
        for (const std::string_view suffix : {kScale, kZeroPoint})
            if (const auto part = parts.find(suffix))
                found.parts.push_back(*part);
        return found;
    }
    return {};
}

} // namespace qs
