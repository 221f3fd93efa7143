// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// compare: errors between two model files, weight by weight, and what could not be compared.
#pragma once

#include "core/analysis/weight_match.h"
#include "core/base/task_context.h"
#include "core/metrics/error_metrics.h"
#include "core/model/model.h"

#include <string>
#include <vector>

namespace qs {

/// One pair whose values could be read.
struct TensorComparison {
    std::string name;                 ///< in the reference; of several tensors the names with " + " between them
    std::vector<std::uint64_t> shape; ///< of the first of them, in the reference
    Metrics metrics;                  ///< all empty where a value is NaN or infinite
    std::string candidate = {};       ///< name in the candidate
    MatchedBy matchedBy = MatchedBy::Name;
    Text matchReason = {}; ///< empty where the names are equal and nothing is to be said
    bool layer = false;    ///< a layer of one of the models: part of the total
};

enum class ModelSide : std::uint8_t { Reference, Candidate };

/// A tensor that was not compared, and why.
struct UnmatchedTensor {
    std::string name;
    ModelSide side = ModelSide::Reference;
    Text reason;
    bool counts = true; ///< learned values: without them the comparison is not complete
};

/// Learned values of one model: weights, biases, norms, whatever their type; not buffers, masks, states of optimizers.
struct Coverage {
    std::uint64_t values = 0;
    std::uint64_t compared = 0;
};

struct Comparison {
    std::vector<TensorComparison> tensors;  ///< matched, of a shape, readable; in natural order
    std::vector<UnmatchedTensor> unmatched; ///< all others of both models, but scales and other parts of codes
    std::vector<std::string> shapeMismatch;
    std::vector<std::string> onlyInReference;
    std::vector<std::string> onlyInCandidate;
    std::vector<Text> notCompared; ///< types without a decoder, NaN or ∞, with the reason
    Coverage reference;
    Coverage candidate;
    /// Over the layers of either model, as analyze() totals them: their float weights, quantized or not; over all
    /// floats where neither has layers. Never exact when the comparison is not complete: empty then where all that
    /// could be compared is equal.
    Metrics total;
    Metrics others; ///< the same over all other floats: biases, norms, tables

    /// Share of the learned values that was compared, of the model where it is smaller: 0…1.
    double coverage() const;
    bool incomplete() const;
};

/// Matches the weights of both models (weight_match.h) and compares each pair. Quantized tensors of either side are
/// decoded. `map` says what names do not tell.
Result<Comparison> compare(const Model &reference, const Model &candidate, const TaskContext &context,
                           const NameMap &map = {});

} // namespace qs
