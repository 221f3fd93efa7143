// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ConstantFolder: values of the graph that come of tensors of the file alone, computed.
#pragma once

#include "core/formats/onnx/folded_operators.h"

#include <unordered_map>

namespace qs::onnx {

/// Where a value comes from.
struct ValueMaker {
    const Node *node = nullptr;
    std::uint32_t graph = 0;
    std::uint32_t output = 0; ///< of the node

    std::string_view name() const { return node->outputs[output]; }
    std::uint32_t value() const { return node->firstOutput + output; }
};

/// Knows the operators that weights are made with (folded_operators.h).
class ConstantFolder
{
public:
    explicit ConstantFolder(FollowContext &context);

    /// The node that makes the value, in the main graph or in a body there; null for tensors, inputs and what belongs
    /// to a function.
    const ValueMaker *makerOf(std::uint32_t value) const;

    /// Error{Work} with the reason where the value cannot be computed: an operator or a type that this does not know,
    /// a value on the way with more elements than all tensors of the file, or too much work for a result of `largest`
    /// elements; Error{Input} where bytes cannot be read.
    Result<FoldedValue> evaluate(std::uint32_t value, std::uint64_t largest);
    /// Type and shape of what evaluate() would give, without reading weights. Errors as of evaluate().
    Result<FoldedValue> outline(std::uint32_t value);

private:
    Result<FoldedValue> valueOf(std::uint32_t value, int depth);
    Result<FoldedValue> load(std::uint32_t tensor);
    Result<FoldedValue> made(const ValueMaker &maker, int depth);
    /// Counts work; an error when it is too much.
    Result<void> spend(std::uint64_t elements);

    FollowContext &m_context;
    std::unordered_map<std::uint32_t, ValueMaker> m_makers;
    std::unordered_map<std::uint32_t, Result<FoldedValue>> m_outlines; ///< by value
    std::uint64_t m_largest = 0;                                       ///< elements of any value on the way
    bool m_isOutline = false;
    std::uint64_t m_left = 0;  ///< elements that this value may still cost
    std::uint64_t m_spent = 0; ///< by all values of the file
};

} // namespace qs::onnx
