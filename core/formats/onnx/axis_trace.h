// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Follows a tensor's axes through transpositions and reshapes, and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qs::onnx {

/// How the elements of a stored tensor are seen behind layout nodes. Starts as the stored layout itself.
///
/// Each axis of the view is a product of factors; a factor is a stored axis or a part of one. A reshape regroups
/// factors and splits them where it must, so that a later reshape can put them together again.
class AxisTrace
{
public:
    /// `shape` of the stored tensor; no dimension is 0.
    explicit AxisTrace(const std::vector<std::uint64_t> &shape);

    std::size_t rank() const { return m_axes.size(); }
    std::uint64_t size(std::size_t axis) const;
    std::vector<std::uint64_t> shape() const;
    /// True as long as nothing but axes of size 1 was changed.
    bool isStored() const;

    /// The methods return false and leave the view as it is when the arguments do not fit.
    bool transpose(std::span<const std::int64_t> permutation);
    /// 0 takes the size of that axis unless `allowZero`, one -1 takes what is left. False also when the new axes cut
    /// the old ones in pieces that do not fit each other.
    bool reshape(std::span<const std::int64_t> dims, bool allowZero);
    bool flatten(std::int64_t axis);
    /// Removes the named axes of size 1, or all of them when there is no name.
    bool squeeze(std::span<const std::int64_t> axes);
    bool unsqueeze(std::span<const std::int64_t> axes);
    /// Only `entries` of the axis are seen from now on, in any order; they stay that stored axis. False where the axis
    /// is no stored one, or has fewer.
    bool take(std::size_t axis, std::uint64_t entries);

    /// The stored axis that the axis of the view is, whole; empty when it is made of several or of a part.
    std::optional<int> storedAxis(std::size_t axis) const;
    /// Leading stored axes of which one entry alone is seen.
    std::size_t pickedAxes() const;

private:
    struct Factor {
        std::size_t axis = 0; ///< of the stored tensor
        std::uint64_t size = 1;
        std::uint64_t stride = 1; ///< elements along the stored axis
    };
    using Axis = std::vector<Factor>; ///< outermost first

    bool regroup(const std::vector<std::uint64_t> &sizes);

    std::vector<std::uint64_t> m_stored;
    std::vector<std::uint64_t> m_shape; ///< what is seen of the stored tensor
    std::vector<Axis> m_axes;
};

/// An axis counted from the end when negative; empty outside [-rank, rank).
std::optional<std::size_t> normalizedAxis(std::int64_t axis, std::size_t rank);

} // namespace qs::onnx
