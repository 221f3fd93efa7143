// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scales from ranges.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

void scales(ScalePiece *piece)
{
    // Locals, because codes of one byte may lie anywhere, in the piece, too.
    const RangeSums *ranges = piece->ranges;
    const std::size_t count = piece->count;
    const float divisor = piece->divisor;
    const float smallest = piece->smallest;
    float *scales = piece->scales;
    std::int8_t *zeroPoints = piece->zeroPoints;
    std::uint32_t raised = 0;
    if (!zeroPoints) {
        for (std::size_t i = 0; i < count; ++i) {
            const float extent = -ranges[i].min > ranges[i].max ? -ranges[i].min : ranges[i].max;
            const float found = (extent > 0 ? extent : 0.0F) / divisor;
            raised += found < smallest;
            scales[i] = found < smallest ? smallest : found;
        }
    } else {
        const auto codeMin = static_cast<float>(piece->codeMin);
        const auto codeMax = static_cast<float>(piece->codeMax);
        for (std::size_t i = 0; i < count; ++i) {
            const float low = ranges[i].min < 0 ? ranges[i].min : 0.0F;
            const float high = ranges[i].max > 0 ? ranges[i].max : 0.0F;
            const float found = (high - low) / divisor;
            raised += found < smallest;
            const float scale = found < smallest ? smallest : found;
            const float zeroPoint = codeMin - rintf(low / scale);
            const float clamped = zeroPoint < codeMin ? codeMin : zeroPoint > codeMax ? codeMax : zeroPoint;
            scales[i] = scale;
            zeroPoints[i] = static_cast<std::int8_t>(static_cast<std::int32_t>(clamped));
        }
    }
    piece->raised += raised;
}

} // namespace qs::QS_LEVEL
