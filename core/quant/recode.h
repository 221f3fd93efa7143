// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes of float rows formed anew under scales as they were stored, row by row.
#pragma once

#include "core/quant/quantizer.h"
#include "core/scheme/scale_table.h"
#include "core/tensor/float_blocks.h"

#include <functional>
#include <span>

namespace qs {

/// One row of a block.
struct RecodedRow {
    std::size_t first; ///< of its weights in the block
    std::span<const float> weights;
    std::span<const std::int8_t> codes;
    std::span<const float> values; ///< that the codes stand for
    ScaleRun scale;

    /// Entry of the scale run that weight i has.
    std::size_t unit(std::size_t i) const { return (scale.phase + i) / scale.groupSize; }
};

/// Quantizes the rows of a block, [channels, weights], and shows each to `visit` in order. Returns how many codes the
/// clamp changed. `coding` is Quantizer::storedCoding(); one row is in memory at a time.
std::uint64_t recode(const ScaleTable &table, const Coding &coding, const BlockRange &range, std::span<const float> x,
                     const std::function<void(const RecodedRow &)> &visit);

} // namespace qs
