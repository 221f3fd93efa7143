// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What depends on the weights alone, in a pass of its own or while they are read for something else.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"
#include "core/tensor/float_blocks.h"

#include <atomic>
#include <optional>
#include <vector>

namespace qs {

/// What depends on the weights alone, computed once per layer.
struct WeightStatistics {
    double min = 0;
    double max = 0;
    std::optional<double> excessKurtosis; ///< empty for constant layers, and where nobody asked for it
    double signalEnergy = 0;              ///< Σx²; means nothing unless finite()
    std::uint64_t nanCount = 0;
    std::uint64_t infCount = 0;
    std::vector<std::uint64_t> firstNonFinite; ///< index of the first one in the tensor's own shape
    std::uint64_t count = 0;

    bool finite() const { return nanCount == 0 && infCount == 0; }
};

/// Without moments, `excessKurtosis` and `signalEnergy` are not found out, which saves a fifth of the time.
Result<WeightStatistics> weightStatistics(const Model &model, const Layer &layer, const TaskContext &context,
                                          bool moments = true);

/// Adds up extremes and moments row by row, in an order that depends on the shape alone. Blocks may be added from
/// several threads, each from one.
class StatisticsTally
{
public:
    /// Of the tensor's blocks along axis 0, the order of the file. `blocks` must outlive this object. Without moments
    /// it adds up extremes alone.
    explicit StatisticsTally(const FloatBlocks &blocks, bool moments = true);

    /// The next row of a block, whose range is known.
    void add(std::uint64_t block, const void *weights, FloatType type, std::uint64_t count, const RangeSums &range);
    /// False when a weight was NaN or infinite; finish() finds out which.
    bool finite() const { return m_finite; }
    Result<WeightStatistics> finish(const TensorInfo &tensor, const TaskContext &context) const;

private:
    struct Part {
        RangeSums range;
        MomentSums moments;
    };

    const FloatBlocks &m_blocks;
    BlockLayout m_layout;
    bool m_moments;
    std::vector<Part> m_parts; ///< one per block
    std::atomic<bool> m_finite{true};
};

} // namespace qs
