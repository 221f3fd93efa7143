// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of a layer as a hand-written quantizer with a slip in it would give them back.
#pragma once

#include "core/analysis/analysis_cache.h"
#include "core/quant/teaching.h"

namespace qs {

/// Float32 weights in the tensor's own shape, quantized by the decision and back with these slips. The scales are those
/// of the scheme. Layers that hold codes, or that nothing can be done about, are as they are.
Result<ValuePtr> taughtWeights(const Model &model, std::size_t layer, const Decision &decision,
                               const Teaching &teaching, AnalysisCache &cache, const TaskContext &context);

} // namespace qs
