// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What tells from a few values whether two tensors hold the same weights, and how they lie in them.
#pragma once

#include "core/analysis/weight_match.h"

namespace qs {

/// Rows as outputs stand in a tensor that nobody has said more of: axis 0, or that of each matrix of a stack.
RowView plainView(const TensorInfo &info);

/// Some values of a weight. `adjoining`: of the first rows; else of rows that are spread over the whole. Empty when
/// they cannot be read, or hold NaN or infinite values.
std::vector<float> sampleOf(const Model &model, const std::vector<RowPiece> &pieces, const RowView &view,
                            bool adjoining, const TaskContext &context);
/// Cosine of the angle between two samples of one size; 0 where one of them is 0 or empty.
double likeness(const std::vector<float> &x, const std::vector<float> &y);

/// Decides whether a square weight is stored transposed on one side, where the axes of the outputs differ.
bool isTransposed(const Model &reference, const Model &candidate, const WeightMatch &match, const TaskContext &context);

/// Finds in which order queries and keys keep the rows of their heads, and says so in the match.
void settleRowOrder(const Model &reference, const Model &candidate, std::string_view key, WeightMatch &match,
                    const TaskContext &context);

/// Finds whether one side keeps a vector as it is and the other one more than that, and says so in the match.
void settleNormBase(const Model &reference, const Model &candidate, WeightMatch &match, const TaskContext &context);

/// Pairs of tensors of one shape, transposed or not, with values that only these two have in common.
struct ContentPair {
    std::size_t reference = 0;
    std::size_t candidate = 0;
    bool transposed = false;
};
Result<std::vector<ContentPair>> pairsByContent(const Model &reference, const std::vector<std::size_t> &references,
                                                const Model &candidate, const std::vector<std::size_t> &candidates,
                                                const TaskContext &context);

} // namespace qs
