// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/named_codes.h"

#include "core/layers/coded_parts.h"

#include <string>

namespace qs {
namespace {

constexpr std::string_view kFormat = "onnx";
constexpr std::string_view kSuffix = "_quantized";

/// How codes are cut so that scales repeat: matrices of rows of columns, and what one scale reaches over.
struct Reach {
    std::uint64_t rows = 1;
    std::uint64_t columns = 1;
    std::uint64_t rowsEach = 1;
    std::uint64_t columnsEach = 1;
};

std::optional<Reach> reachOf(const TensorInfo &codes, std::uint64_t scales, std::optional<int> outputAxis)
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
    if (first && second && !outputAxis)
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
    if (parts.find("_zero_point")) {
        QS_ASSIGN(NumberGrid zeros, parts.grid("_zero_point", {}, 1, rows, columns));
        numbers.steps.push_back(stepWith(ValueStep::Op::Subtract, std::move(zeros), reach));
    }
    QS_ASSIGN(NumberGrid scales, parts.grid("_scale", {}, 1, rows, columns));
    numbers.steps.push_back(stepWith(ValueStep::Op::Multiply, std::move(scales), reach));
    return CodedWeight::make(std::move(numbers), false);
}

} // namespace

std::shared_ptr<const CodedValues> valuesByName(const Model &model, std::size_t tensor)
{
    const TensorInfo &info = model.tensors[tensor];
    const bool isCode = !info.encoding && isInteger(info.dtype) && bitsOf(info.dtype) >= 8 &&
                        bitsOf(info.dtype) <= 32 && info.dtype != DType::Bool;
    if (!model.format.starts_with(kFormat) || !isCode)
        return nullptr;
    const auto index = model.layerOf(tensor);
    if (index && model.layers[*index].stored)
        return nullptr; // its scales are known
    std::vector<std::string> prefixes{info.name};
    if (info.name.ends_with(kSuffix))
        prefixes.push_back(info.name.substr(0, info.name.size() - kSuffix.size()));
    for (std::string &prefix : prefixes) {
        const CodedParts parts(model, tensor, std::move(prefix));
        const TensorInfo *scales = parts.info("_scale");
        if (scales == nullptr || !isWeightFloat(scales->dtype))
            continue;
        const auto axis = index ? std::optional(model.layers[*index].channelAxis) : std::nullopt;
        const auto reach = reachOf(info, scales->elements(), axis);
        if (!reach)
            continue;
        if (auto values = decode(parts, *reach))
            return *values;
    }
    return nullptr;
}

} // namespace qs
