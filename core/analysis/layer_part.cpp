// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/layer_part.h"

#include <algorithm>
#include <utility>

namespace qs {

bool LayerPart::isOf(const ScaleGeometry &geometry) const
{
    if (channel && *channel >= geometry.shape.channels)
        return false;
    return !group || (channel && geometry.groupsPerChannel() > 1 && *group < geometry.groupsPerChannel());
}

BlockRange LayerPart::range(const ScaleGeometry &geometry) const
{
    const MatrixShape &shape = geometry.shape;
    if (!channel)
        return {0, shape.channels, 0, shape.weights};
    if (!group)
        return {*channel, 1, 0, shape.weights};
    const std::uint64_t size = geometry.groupSize();
    const std::uint64_t first = *group * size;
    return {*channel, 1, first, std::min(size, shape.weights - first)};
}

BlockRange commonRange(const BlockRange &a, const BlockRange &b)
{
    const auto overlap = [](std::uint64_t first, std::uint64_t size, std::uint64_t other, std::uint64_t otherSize) {
        const std::uint64_t from = std::max(first, other);
        const std::uint64_t to = std::min(first + size, other + otherSize);
        return std::pair{from, to > from ? to - from : 0};
    };
    const auto [channel, channels] = overlap(a.channel, a.channels, b.channel, b.channels);
    const auto [weight, weights] = overlap(a.weight, a.weights, b.weight, b.weights);
    return channels > 0 && weights > 0 ? BlockRange{channel, channels, weight, weights} : BlockRange{};
}

} // namespace qs
