// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Values that a graph computes of tensors of the file alone, and the walks over their elements.
#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace qs::onnx {

using Shape = std::vector<std::uint64_t>;

/// A tensor in memory, row-major.
struct FoldedValue {
    DType dtype = DType::F32; ///< f32, f16, bf16 or a type of integers
    Shape shape = {};
    std::vector<float> floats = {};          ///< of types of floats, each rounded to the type
    std::vector<std::int64_t> integers = {}; ///< of types of integers; bool as 0 and 1
    bool known = true;                       ///< false: only type and shape are, there are no elements

    std::uint64_t count() const;
    bool isWhole() const { return isInteger(dtype); }
};

/// Elements between neighbours of each axis in row-major order.
Shape stepsOf(const Shape &shape);
/// Shapes are aligned at their ends; empty where they do not fit each other.
std::optional<Shape> broadcast(const Shape &a, const Shape &b);
/// The steps of a value of `shape` that is stretched along its axes of size 1 to the rank of `target`.
Shape stretchedSteps(const Shape &shape, const Shape &target);
/// Each element rounded to the type, as a program that computes in it does.
FoldedValue roundedTo(DType type, FoldedValue value);

/// use(offset) for all elements of `shape` in row-major order; `steps` says how far the offset goes along each axis,
/// modulo 2^64, so that it may go backwards.
template <class Use> void forEachOffset(const Shape &shape, const Shape &steps, std::uint64_t offset, Use use)
{
    for (const std::uint64_t size : shape)
        if (size == 0)
            return;
    Shape index(shape.size());
    while (true) {
        use(offset);
        std::size_t axis = shape.size();
        for (; axis > 0; --axis) {
            offset += steps[axis - 1];
            if (++index[axis - 1] < shape[axis - 1])
                break;
            offset -= steps[axis - 1] * shape[axis - 1];
            index[axis - 1] = 0;
        }
        if (axis == 0)
            return;
    }
}

/// The elements of `value` at these offsets, as a value of `shape`.
FoldedValue gathered(const FoldedValue &value, const Shape &shape, const Shape &steps, std::uint64_t offset = 0);

} // namespace qs::onnx
