// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ConstantFolder: values of the graph that come of tensors of the file alone, computed.
#pragma once

#include "core/formats/onnx/node_view.h"

#include <unordered_map>
#include <vector>

namespace qs::onnx {

/// A tensor in memory, row-major.
struct FoldedValue {
    DType dtype = DType::F32; ///< f32, f16, bf16 or a type of integers
    std::vector<std::uint64_t> shape;
    std::vector<float> floats;          ///< of types of floats, each rounded to the type
    std::vector<std::int64_t> integers; ///< of types of integers
};

/// Knows the arithmetic that weights are made with: scaling, normalising, adding products of low rank.
class ConstantFolder
{
public:
    explicit ConstantFolder(FollowContext &context);

    /// The node of the main graph that makes the value; null for tensors, inputs and values of other graphs.
    const Node *makerOf(std::uint32_t value) const;

    /// Values on the way may have `largest` elements at most. Error{Work} with the reason where the value cannot be
    /// computed: an operator or a type that this does not know, or too much work; Error{Input} where bytes cannot be
    /// read.
    Result<FoldedValue> evaluate(std::uint32_t value, std::uint64_t largest);

private:
    Result<FoldedValue> valueOf(std::uint32_t value, int depth);
    Result<FoldedValue> load(std::uint32_t tensor);
    Result<FoldedValue> made(const Node &node, int depth);
    Result<FoldedValue> arithmetic(const NodeView &view, std::vector<FoldedValue> operands);
    Result<FoldedValue> matMul(const NodeView &view, const FoldedValue &left, const FoldedValue &right);
    Result<FoldedValue> reduce(const NodeView &view, const FoldedValue &value);
    Result<FoldedValue> cast(const NodeView &view, FoldedValue value);
    Result<FoldedValue> transpose(const NodeView &view, const FoldedValue &value);
    Result<FoldedValue> reshape(const NodeView &view, FoldedValue value);
    /// The value, stretched along axes of size 1.
    Result<FoldedValue> stretched(FoldedValue value, const std::vector<std::uint64_t> &shape);
    /// Counts work; false when it is too much.
    Result<void> spend(std::uint64_t elements);

    FollowContext &m_context;
    std::unordered_map<std::uint32_t, const Node *> m_makers;
    std::uint64_t m_largest = 0;
    std::uint64_t m_left = 0;  ///< elements that this value may still cost
    std::uint64_t m_spent = 0; ///< by all values of the file
};

} // namespace qs::onnx
