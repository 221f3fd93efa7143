// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finds single weights of a layer, for views that follow one on its way.
#pragma once

#include "core/analysis/layer_part.h"
#include "core/base/task_context.h"
#include "core/model/model.h"
#include "core/quant/quantize.h"

#include <vector>

namespace qs {

/// One weight.
struct FoundWeight {
    std::uint64_t channel = 0;
    std::uint64_t weight = 0;            ///< in its channel
    std::vector<std::uint64_t> position; ///< in the tensor, one index per axis
    float value = 0;                     ///< decoded where the file holds codes
};

/// Place in the tensor of one weight of the matrix form [channels, weights] on that axis.
std::vector<std::uint64_t> positionInTensor(const TensorInfo &tensor, int channelAxis, std::uint64_t channel,
                                            std::uint64_t weight);

/// The weight of the part that is nearest to `value`, the first one of several. Streams the part once. Error{Usage}
/// when the quantization has no such part.
Result<FoundWeight> nearestWeight(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                                  const LayerPart &part, double value, const TaskContext &context);

} // namespace qs
