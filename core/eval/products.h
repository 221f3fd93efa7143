// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the products of chains are cut: by the numbers of samples and outputs alone.
#pragma once

#include "core/base/checked_math.h"

#include <algorithm>
#include <cstdint>

namespace qs {

inline constexpr std::uint64_t kOutputsPerProduct = 512;

/// Samples of one product: as few products as keep the weights that they pack in use for long, and little padding.
inline std::uint64_t samplesPerProduct(std::uint64_t samples)
{
    constexpr std::uint64_t kMost = 128;
    constexpr std::uint64_t kUnit = 32;
    const std::uint64_t atLeast = std::max<std::uint64_t>(samples, 1);
    return alignUp(ceilDiv(atLeast, ceilDiv(atLeast, kMost)), kUnit);
}

/// Samples with those that fill up the last product. Their products are cut as those of the samples alone.
inline std::uint64_t paddedSamples(std::uint64_t samples)
{
    return alignUp(samples, samplesPerProduct(samples));
}

} // namespace qs
