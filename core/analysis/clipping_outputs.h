// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The output's error of one channel against the share of its range that the codes cover.
#pragma once

#include "core/analysis/analyze.h"
#include "core/analysis/clipping_curve.h"
#include "core/quant/input_moments.h"

#include <memory>
#include <vector>

namespace qs {

/// Longest channel that the whole matrix of its inputs is multiplied with, about a second for all points.
inline constexpr std::uint64_t kLongestOutputRow = 4096;

struct OutputClipping {
    /// √(eᵀ·H·e / xᵀ·H·x) for each point of the curve, 0…: the relative error of what the channel gives, bias left out,
    /// for the inputs that H was summed over. With groups, e is that of the one group alone. 0 where xᵀ·H·x is 0.
    std::vector<double> relativeErrors;
    Text about; ///< on which inputs

    /// Index of the point with the least error. There is one.
    std::size_t best() const;
};

/// For a curve of clippingCurve() with the same arguments. Error{Usage} when the moments are only diagonals or of
/// another layer, or the channel is longer than kLongestOutputRow.
Result<OutputClipping> clippingOutputs(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                                       std::uint64_t channel, std::uint64_t group, const ClippingCurve &curve,
                                       const InputMoments &moments, const TaskContext &context);

/// What a layer is fed, found as for ranges that depend on it (calibration.h); null when nothing is known. Runs the
/// network once per model and inputs: the cache keeps what it found for all layers.
Result<std::shared_ptr<const InputMoments>> momentsOfLayer(const Model &model, std::size_t layer,
                                                           std::optional<Activation> activation,
                                                           const AnalyzeOptions &options, AnalysisCache &cache,
                                                           const TaskContext &context);

} // namespace qs
