// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the float network and sums the second moments of what each layer is fed.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/network_feed.h"
#include "core/eval/run_plan.h"
#include "core/quant/input_moments.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace qs {

/// By model layer; null where nothing is known.
using LayerMoments = std::vector<std::shared_ptr<const InputMoments>>;

/// Full moments take K² / 2 doubles; where they take more, or K is larger, diagonals do.
inline constexpr std::uint64_t kMomentBytes = std::uint64_t{768} << 20U;
inline constexpr std::uint64_t kMostFullWeights = 8192;
/// Of one run of a node; of more rows every n-th counts.
inline constexpr std::uint64_t kMostMomentRows = 2048;

struct MomentRun {
    const Model &model;
    const RunPlan &plan;
    const NetworkFeed &feed;
    /// Float weights of a model layer, in the shape of its tensor.
    std::function<Result<ValuePtr>(std::size_t layer, const TaskContext &)> weights;
    MemoryBudget &budget;
    std::uint64_t momentBytes = kMomentBytes;
    Text about = {};   ///< InputMoments::about
    bool half = false; ///< InputMoments::half
};

/// Moments along each layer's own channel axis, in double, summed in the order of samples and nodes: the same for any
/// number of threads. Layers that several nodes use see the rows of all. Null for layers that no product, convolution
/// or input of a recurrent node uses, or that were fed something that is not finite. Errors as those of a run.
Result<LayerMoments> inputMoments(const MomentRun &run, const TaskContext &context);

} // namespace qs
