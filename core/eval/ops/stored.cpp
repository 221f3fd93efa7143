// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/stored.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <cmath>

namespace qs {
namespace {

/// Which scale belongs to an element: one for all, one per channel of an axis, or one per block along it.
struct Parts {
    std::int64_t inner = 1;  ///< elements behind the axis
    std::int64_t length = 1; ///< of the axis
    std::int64_t block = 1;  ///< elements of the axis that share a scale
    std::int64_t perRow = 1; ///< scales along the axis
    bool blocks = false;

    std::size_t of(std::int64_t element) const
    {
        const std::int64_t along = element / inner % length / block;
        if (!blocks)
            return static_cast<std::size_t>(along);
        return static_cast<std::size_t>((element / inner / length * perRow + along) * inner + element % inner);
    }
};

Result<Parts> partsOf(const NetworkNode &node, const Value &x, const Value &scales, const Value *zeroPoints)
{
    if (zeroPoints != nullptr && zeroPoints->size() != scales.size())
        return wrong(Text::of("there are {} zero points, but {} scales", zeroPoints->size(), scales.size()));
    Parts parts;
    if (scales.size() == 1) {
        parts.block = std::max<std::int64_t>(static_cast<std::int64_t>(x.size()), 1);
        parts.length = parts.block;
        return parts;
    }
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", 1), x.rank()));
    const std::int64_t block = intAttribute(node, "block_size", 0);
    parts.inner = sizeBetween(x.shape(), axis + 1, x.rank());
    parts.length = x.shape()[axis];
    parts.perRow = parts.length;
    Shape wanted{parts.length};
    if (block > 0) {
        parts.blocks = true;
        parts.block = block;
        parts.perRow = parts.length == 0 ? 0 : (parts.length - 1) / block + 1;
        wanted = x.shape();
        wanted[axis] = parts.perRow;
    }
    if (scales.shape() != wanted)
        return wrong(Text::of("scales of shape {} do not fit {}", shapeText(scales.shape()), shapeText(x.shape())));
    return parts;
}

Result<Values> dequantize(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &x = *inputs[0];
    const Value *const zeroPoints = inputAt(inputs, 2);
    QS_ASSIGN(const Parts parts, partsOf(node, x, *inputs[1], zeroPoints));
    QS_ASSIGN(const auto result, makeValue(ElementKind::Float, x.shape(), context));
    const auto *const zero = zeroPoints != nullptr ? zeroPoints->ints().data() : nullptr;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (i % static_cast<std::size_t>(kElementsPerStep) == 0)
            QS_CHECK(context.task.check());
        const std::size_t part = parts.of(static_cast<std::int64_t>(i));
        const auto code = static_cast<double>(x.ints()[i]) - (zero != nullptr ? static_cast<double>(zero[part]) : 0);
        result->floats()[i] = static_cast<float>(code) * inputs[1]->floats()[part];
    }
    return Values{result};
}

struct CodeRange {
    float least = 0;
    float most = 255;
};

/// By the type of the zero points, else by the attribute, else 8 bits without sign.
Result<CodeRange> rangeOf(const NetworkNode &node, const RunContext &context)
{
    std::optional<DType> type;
    if (node.inputs.size() > 2 && node.inputs[2] != kAbsent)
        type = context.network.values[node.inputs[2]].dtype;
    const std::int64_t asked = intAttribute(node, "output_dtype", 0);
    if (type == DType::U8 || (!type && (asked == 0 || asked == 2)))
        return CodeRange{0, 255};
    if (type == DType::I8 || (!type && asked == 3))
        return CodeRange{-128, 127};
    if (type == DType::U16 || (!type && asked == 4))
        return CodeRange{0, 65535};
    if (type == DType::I16 || (!type && asked == 5))
        return CodeRange{-32768, 32767};
    if (type == DType::U4 || (!type && asked == 21))
        return CodeRange{0, 15};
    if (type == DType::I4 || (!type && asked == 22))
        return CodeRange{-8, 7};
    return wrong(Text::of("codes of type {} are not supported", type ? nameOf(*type) : std::string_view("?")));
}

Result<Values> quantize(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &x = *inputs[0];
    const Value *const zeroPoints = inputAt(inputs, 2);
    if (zeroPoints != nullptr && zeroPoints->isFloat())
        return wrong(Text::of("codes of floating point are not supported"));
    QS_ASSIGN(const Parts parts, partsOf(node, x, *inputs[1], zeroPoints));
    QS_ASSIGN(const CodeRange range, rangeOf(node, context));
    QS_ASSIGN(const auto result, makeValue(ElementKind::Int, x.shape(), context));
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (i % static_cast<std::size_t>(kElementsPerStep) == 0)
            QS_CHECK(context.task.check());
        const std::size_t part = parts.of(static_cast<std::int64_t>(i));
        const float zero = zeroPoints != nullptr ? static_cast<float>(zeroPoints->ints()[part]) : 0.0F;
        const float code = std::nearbyint(x.floats()[i] / inputs[1]->floats()[part]) + zero;
        // NaN becomes the lowest code.
        result->ints()[i] = static_cast<std::int64_t>(code > range.least ? std::min(code, range.most) : range.least);
    }
    return Values{result};
}

} // namespace

std::span<const Operator> storedOperators()
{
    static constexpr std::array kRows{
        Operator{"DequantizeLinear", 10, kNewestOpset, "if?i", "axis:i block_size:i output_dtype:i", dequantize},
        Operator{"QuantizeLinear", 10, kNewestOpset, "ff?a",
                 "axis:i block_size:i output_dtype:i precision:i saturate:i", quantize},
    };
    return kRows;
}

} // namespace qs
