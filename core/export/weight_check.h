// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the weights of a layer say about a plan for it.
#pragma once

#include "core/export/planner.h"

namespace qs {

/// A decision corrected by the weights, and why no file can be written as long as they are as they are.
struct WeightCheck {
    Decision decision;
    std::vector<Refusal> refusals = {};
};

/// Looks at the weights of layer `index`, which is planned as `decision` says, unless the cache knows what they say.
/// Numbers that are none are refused, or with ExportOptions::keepNonFinite kept; what is empty, or of a shape that the
/// scheme cannot have, is kept. Leaves in the cache what the report of the file asks for.
Result<WeightCheck> checkWeights(const ExportFormat &format, const Model &model, std::size_t index, Decision decision,
                                 const ExportOptions &options, AnalysisCache &cache, const TaskContext &context);

} // namespace qs
