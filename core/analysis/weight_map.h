// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A part of a layer's matrix as a picture of limited size, and single cells of it.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"
#include "core/quant/quantize.h"
#include "core/quant/walk.h"
#include "core/tensor/float_blocks.h"

#include <vector>

namespace qs {

/// What a cell of the picture says.
enum class WeightView : std::uint8_t {
    Weight, ///< the weight; decoded where the file holds codes
    Code,   ///< its code less the zero point, so that 0 stays 0; counted from the lowest one where there are offsets
    Difference, ///< (back − weight) in steps of its scale
    Clipped,    ///< the same where the clamp changed the code, else 0
};

struct WeightMapRequest {
    WeightView view = WeightView::Weight;
    BlockRange part; ///< of the matrix [channels, weights]; inside of it
    std::uint64_t mostRows = 1;
    std::uint64_t mostColumns = 1;
};

/// Of several weights in a cell the one of the largest magnitude shows, so that outliers survive.
struct WeightMap {
    BlockRange part; ///< as asked for
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
    std::vector<float> cells; ///< [rows, columns]; row r shows channels from part.channel + r · part.channels / rows on
    float largest = 0;        ///< magnitude of a cell
    float usual = 0;          ///< magnitude that 99 % of the cells stay below; largest where that is 0
};

/// Streams the part once. Error{Usage} when it is not inside the matrix, or codes are asked of a layer without any.
Result<WeightMap> weightMap(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                            const WeightMapRequest &request, const TaskContext &context);

/// One weight and what becomes of it. Reads it alone.
Result<ValueWalk> weightAt(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                           std::uint64_t channel, std::uint64_t weight);

} // namespace qs
