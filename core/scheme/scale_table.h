// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ScaleTable: which scale belongs to which weight.
#pragma once

#include "core/base/checked_math.h"
#include "core/kernels/kernels.h"
#include "core/scheme/scheme.h"
#include "core/tensor/matrix_shape.h"

#include <algorithm>
#include <vector>

namespace qs {

/// Geometry of the scales of a layer: 1 (tensor), N (channel) or N·groups entries.
struct ScaleGeometry {
    Granularity granularity;
    MatrixShape shape;

    std::uint64_t groupSize() const
    {
        return granularity.kind == Granularity::Kind::Group ? granularity.groupSize : shape.weights;
    }
    std::uint64_t groupsPerChannel() const
    {
        return granularity.kind == Granularity::Kind::Group ? ceilDiv(shape.weights, groupSize()) : 1;
    }
    std::uint64_t count() const
    {
        return granularity.kind == Granularity::Kind::Tensor ? 1 : shape.channels * groupsPerChannel();
    }
    /// Weights that share one scale; a last group may have fewer.
    std::uint64_t unitSize() const
    {
        return granularity.kind == Granularity::Kind::Tensor ? shape.channels * shape.weights
                                                             : std::min(groupSize(), shape.weights);
    }
    /// Entry of the first group of a channel.
    std::uint64_t firstOf(std::uint64_t channel) const
    {
        return granularity.kind == Granularity::Kind::Tensor ? 0 : channel * groupsPerChannel();
    }
    /// Entry of one weight.
    std::uint64_t entryOf(std::uint64_t channel, std::uint64_t weight) const
    {
        return granularity.kind == Granularity::Kind::Tensor ? 0 : firstOf(channel) + weight / groupSize();
    }
};

/// Axes of the tensor of scales as our own files hold it: [1], [N] or [N, groups]; N is [matrices …, outputs] for a
/// stack.
inline std::vector<std::uint64_t> scalesShape(const TensorInfo &tensor, int axis, const Granularity &granularity)
{
    if (granularity.kind == Granularity::Kind::Tensor)
        return {1};
    const std::size_t stack = axis >= tensor.stackAxes ? tensor.stackAxes : 0;
    std::vector<std::uint64_t> shape(tensor.shape.begin(), tensor.shape.begin() + static_cast<std::ptrdiff_t>(stack));
    shape.push_back(tensor.shape[static_cast<std::size_t>(axis)]);
    if (granularity.kind == Granularity::Kind::Group)
        shape.push_back(ScaleGeometry{granularity, matrixShape(tensor, axis)}.groupsPerChannel());
    return shape;
}

/// Scales in memory, starting with the entry of channel `firstChannel`.
struct ScaleTable {
    ScaleGeometry geometry;
    const float *scales = nullptr; ///< may be null when only values are formed
    const float *stored = nullptr;
    const std::int8_t *zeroPoints = nullptr; ///< null: all zero
    const float *offsets = nullptr;          ///< null: none
    std::uint64_t firstChannel = 0;
    const float *codeOffsets = nullptr; ///< null: `offsets`

    /// For weights of `channel` from index `weight` on.
    ScaleRun run(std::uint64_t channel, std::uint64_t weight) const
    {
        const std::uint64_t offset = geometry.firstOf(channel) - geometry.firstOf(firstChannel);
        return {scales ? scales + offset : nullptr,
                stored + offset,
                zeroPoints ? zeroPoints + offset : nullptr,
                offsets ? offsets + offset : nullptr,
                geometry.groupSize(),
                weight,
                codeOffsets ? codeOffsets + offset : nullptr};
    }
};

} // namespace qs
