// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/teaching.h"

#include "core/scheme/conventions/formulas.h"

#include <algorithm>
#include <cmath>

namespace qs {

ValueWalk walkValue(float value, const ScaleAndZeroPoint &scale, const Coding &coding, const Teaching &teaching)
{
    ValueWalk walk = walkValue(value, scale, coding);
    if (!teaching.castNotRound && !teaching.forgetZeroPoint)
        return walk;
    const int base = coding.hasOffsets() ? coding.codeMin : scale.zeroPoint; // the code whose value is 0 or the offset
    if (teaching.castNotRound) {
        walk.rounded = std::trunc(walk.divided) + base;
        walk.code = static_cast<int>(std::clamp(walk.rounded, double(coding.codeMin), double(coding.codeMax)));
        walk.clipped = walk.rounded != walk.code;
    }
    const bool forget = teaching.forgetZeroPoint;
    const int steps = walk.code - (forget && !coding.hasOffsets() ? 0 : base);
    const float offset = coding.hasOffsets() && !forget ? scale.storedOffset : 0.0F;
    walk.back = static_cast<double>(static_cast<float>(steps) * scale.stored + offset);
    walk.error = walk.back - walk.value;
    return walk;
}

ScaleAndZeroPoint scaleWithoutZero(const WeightRange &range, const Quantizer &quantizer)
{
    if (!quantizer.scheme().hasZeroPoints())
        return quantizer.scaleFor(range);
    return kLectureFormula.scaleOf(range, quantizer.scheme(), quantizer.source()); // which does so always
}

void quantizeWith(const Teaching &teaching, std::span<float> weights, const ScaleAndZeroPoint &scale,
                  const Quantizer &quantizer)
{
    for (float &weight : weights)
        weight = static_cast<float>(walkValue(weight, scale, quantizer.coding(), teaching).back);
}

} // namespace qs
