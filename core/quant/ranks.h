// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The number of a given rank among many, exactly and without sorting them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace qs {

// Ranks count from 1, in ascending order; there are at least as many weights, and they are finite.

/// The weight of a rank near the smallest, or any.
float lowOfRank(std::span<const float> weights, std::uint64_t rank);
/// The weight of a rank near the largest, or any.
float highOfRank(std::span<const float> weights, std::uint64_t rank);
/// The magnitude of a rank among the magnitudes.
float magnitudeOfRank(std::span<const float> weights, std::uint64_t rank);

/// Lower middle of some numbers that are not negative; may put them in another order.
float medianOf(std::vector<float> &values);

} // namespace qs
