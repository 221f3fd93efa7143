// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Error of one channel or group against the share of its range that the codes cover.
#pragma once

#include "core/quant/quantize.h"

#include <optional>
#include <vector>

namespace qs {

struct ClippingPoint {
    double share = 1;         ///< of the min–max range, 0…1
    double errorEnergy = 0;   ///< Σe² over the weights
    double relativeError = 0; ///< ‖e‖ / ‖x‖; 0 when all weights are 0
    std::uint64_t inside = 0; ///< weights within that share of the range: of min and max, symmetric of the largest |x|
};

/// The percentile that reaches about as far as that point of a curve of so many weights: its own share of weights,
/// rounded so that the outermost weight inside stays inside. Min–max for a point that leaves nothing out.
RangeMethod rangeReaching(const ClippingPoint &point, std::uint64_t weights);

struct ClippingCurve {
    std::uint64_t weights = 0;
    std::vector<ClippingPoint> points;   ///< shares 1, 0.99 … 0.05; those whose scale is not finite are left out
    std::optional<ClippingPoint> chosen; ///< with the scale in use; empty where there is none, and for hqq
};

/// The curve of one channel, or of one group of a channel (`group` is 0 else), under the scheme of `quantization`,
/// which is of this layer and has its scales. With one scale for the whole layer the shares are of the layer's range.
/// Error{Usage} when channel or group does not exist; a row of 4096 weights takes about a millisecond.
Result<ClippingCurve> clippingCurve(const Model &model, const Layer &layer, const LayerQuantization &quantization,
                                    std::uint64_t channel, std::uint64_t group, const TaskContext &context);

} // namespace qs
