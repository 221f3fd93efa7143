// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The operators that weights are made with: arithmetic of elements, layout, sums, products, codes.
#pragma once

#include "core/formats/onnx/folded_value.h"
#include "core/formats/onnx/node_view.h"

#include <functional>

namespace qs::onnx {

/// A node with the values of its inputs. Where one of them is not known, the result has only its type and shape.
struct FoldCall {
    const NodeView &view;
    std::vector<std::optional<FoldedValue>> inputs;   ///< empty: left out
    std::size_t output = 0;                           ///< of the node, that is wanted
    std::uint64_t largest = 0;                        ///< elements that a result may have
    std::function<Result<void>(std::uint64_t)> spend; ///< counts elements of work; an error when it is too much

    std::string_view op() const { return view.node().opType; }
    bool has(std::size_t input) const { return input < inputs.size() && inputs[input].has_value(); }
    const FoldedValue &operator[](std::size_t input) const { return *inputs[input]; }
    bool allKnown() const;
    /// The whole numbers of an input; empty when it is left out, not known or of floats.
    std::optional<std::vector<std::int64_t>> numbers(std::size_t input) const;
    /// Error{Work} above `largest` elements, else counts them as work.
    Result<void> take(const Shape &shape) const;
    std::unexpected<Error> wrongInputs() const;
    std::unexpected<Error> wrongType(DType type) const;
};

using FoldOperator = Result<FoldedValue> (*)(FoldCall &call);

/// Of all families; null for what is not computed.
FoldOperator foldOperator(std::string_view name);

template <class Table> auto findOperator(const Table &table, std::string_view name)
{
    for (const auto &row : table)
        if (row.name == name)
            return &row;
    return static_cast<decltype(&*std::begin(table))>(nullptr);
}

inline std::unexpected<Error> notComputed(Text why)
{
    return fail(ErrorCode::Work, std::move(why));
}

} // namespace qs::onnx
