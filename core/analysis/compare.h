// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// compare: errors between two model files, tensor by tensor.
#pragma once

#include "core/base/task_context.h"
#include "core/metrics/error_metrics.h"
#include "core/model/model.h"

#include <string>
#include <vector>

namespace qs {

struct TensorComparison {
    std::string name;
    std::vector<std::uint64_t> shape;
    Metrics metrics;
};

struct Comparison {
    std::vector<TensorComparison> tensors; ///< numeric tensors of equal name and shape, in natural order
    std::vector<std::string> shapeMismatch;
    std::vector<std::string> onlyInReference;
    std::vector<std::string> onlyInCandidate; ///< without scales, zero points and offsets of quantized weights
    std::vector<Text> notCompared;            ///< types without a decoder, NaN or ∞, with the reason
    Metrics total;                            ///< over all of them but whole numbers, which are counts and indices
};

/// Quantized tensors of either side are decoded. The numbers equal those that analyze() predicted, to the bit.
Result<Comparison> compare(const Model &reference, const Model &candidate, const TaskContext &context);

} // namespace qs
