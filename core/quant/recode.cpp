// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/recode.h"

namespace qs {

std::uint64_t recode(const ScaleTable &table, const Coding &coding, const BlockRange &range, std::span<const float> x,
                     const std::function<void(const RecodedRow &)> &visit)
{
    thread_local std::vector<std::int8_t> codes;
    thread_local std::vector<float> values;
    codes.resize(range.weights);
    values.resize(range.weights);
    QuantizePiece piece;
    piece.coding = coding;
    piece.counted = true;
    piece.count = range.weights;
    piece.codes = codes.data();
    piece.values = values.data();
    for (std::uint64_t c = 0; c < range.channels; ++c) {
        const std::size_t first = c * range.weights;
        const std::span<const float> weights = x.subspan(first, range.weights);
        piece.x = weights.data();
        piece.scale = table.run(range.channel + c, range.weight);
        kernels().quantize(&piece);
        visit({first, weights, codes, values, piece.scale});
    }
    return piece.clipped;
}

} // namespace qs
