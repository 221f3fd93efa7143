// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Errors between the values of one pair of weights.
#pragma once

#include "core/analysis/value_rows.h"
#include "core/metrics/error_metrics.h"

namespace qs {

/// What the numbers of a pair are.
struct ValueErrors {
    Metrics metrics;
    ErrorSums sums;
    bool finite = true; ///< false: one of the sides holds NaN or infinite values, the sums mean nothing
};

/// One side of a pair that is about to be compared.
struct ComparedValues {
    const Model &model;
    ValueRows rows;
    const Layer *layer = nullptr; ///< of a single tensor
};

/// Both sides have rows of the same shape. Float32 values; where one side is f64 and the float32 values are equal, the
/// numbers themselves. Where the candidate's codes are read as they stand, the numbers equal those that analyze()
/// predicted, to the bit.
Result<ValueErrors> compareFloats(const ComparedValues &reference, const ComparedValues &candidate,
                                  const TaskContext &context);

/// The same without rounding: of whole numbers up to 64 bits and of f64.
Result<ValueErrors> compareNumbers(const ValueRows &reference, const ValueRows &candidate, const TaskContext &context);

} // namespace qs
