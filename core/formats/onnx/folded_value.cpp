// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/folded_value.h"

#include "core/tensor/small_floats.h"

namespace qs::onnx {

std::uint64_t FoldedValue::count() const
{
    std::uint64_t count = 1;
    for (const std::uint64_t size : shape)
        count *= size;
    return count;
}

Shape stepsOf(const Shape &shape)
{
    Shape steps(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;)
        steps[i - 1] = steps[i] * shape[i];
    return steps;
}

std::optional<Shape> broadcast(const Shape &a, const Shape &b)
{
    Shape result = a.size() < b.size() ? b : a;
    const Shape &shorter = a.size() < b.size() ? a : b;
    for (std::size_t i = 0; i < shorter.size(); ++i) {
        std::uint64_t &size = result[result.size() - shorter.size() + i];
        if (size != shorter[i] && size != 1 && shorter[i] != 1)
            return std::nullopt;
        size = size == 1 ? shorter[i] : size;
    }
    return result;
}

Shape stretchedSteps(const Shape &shape, const Shape &target)
{
    Shape steps = stepsOf(shape);
    for (std::size_t i = 0; i < steps.size(); ++i)
        steps[i] = shape[i] == 1 ? 0 : steps[i];
    steps.insert(steps.begin(), target.size() - steps.size(), 0);
    return steps;
}

FoldedValue roundedTo(DType type, FoldedValue value)
{
    value.dtype = type;
    for (float &element : value.floats)
        element = roundTo(type, element);
    return value;
}

FoldedValue gathered(const FoldedValue &value, const Shape &shape, const Shape &steps, std::uint64_t offset)
{
    FoldedValue result{.dtype = value.dtype, .shape = shape, .known = value.known};
    if (!value.known)
        return result;
    if (value.isWhole()) {
        result.integers.reserve(result.count());
        forEachOffset(shape, steps, offset, [&](std::uint64_t at) { result.integers.push_back(value.integers[at]); });
    } else {
        result.floats.reserve(result.count());
        forEachOffset(shape, steps, offset, [&](std::uint64_t at) { result.floats.push_back(value.floats[at]); });
    }
    return result;
}

} // namespace qs::onnx
