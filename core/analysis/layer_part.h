// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which weights of a layer a view is about.
#pragma once

#include "core/scheme/scale_table.h"
#include "core/tensor/float_blocks.h"

#include <cstdint>
#include <optional>

namespace qs {

/// The whole layer, one channel of it, or one group of that channel, counted from 0.
struct LayerPart {
    std::optional<std::uint64_t> channel = {};
    std::optional<std::uint64_t> group = {}; ///< only of a channel that has several
    bool operator==(const LayerPart &) const = default;

    /// Whether there is such a part.
    bool isOf(const ScaleGeometry &geometry) const;
    /// Its weights in the matrix form [channels, weights]. The part has to exist.
    BlockRange range(const ScaleGeometry &geometry) const;
};

/// What two ranges of one matrix have in common; of size 0 when that is nothing.
BlockRange commonRange(const BlockRange &a, const BlockRange &b);

} // namespace qs
