// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/walk.h"

#include "core/kernels/code_steps.h"

namespace qs {

ValueWalk walkValue(float value, const ScaleAndZeroPoint &scale, const Coding &coding)
{
    const auto zeroPoint = static_cast<std::int8_t>(scale.zeroPoint);
    ScaleRun run;
    run.scales = &scale.scale;
    run.stored = &scale.stored;
    run.zeroPoints = &zeroPoint;
    if (coding.hasOffsets()) {
        run.offsets = &scale.storedOffset;
        run.codeOffsets = &scale.offset;
    }
    CodeSteps steps;
    steps.x = value;
    steps.scale = run;
    steps.coding = coding;
    generic::codeSteps(&steps);

    std::int8_t code = 0;
    float back = 0;
    QuantizePiece piece;
    piece.x = &value;
    piece.count = 1;
    piece.scale = run;
    piece.coding = coding;
    piece.codes = &code;
    piece.values = &back;
    piece.counted = true;
    kernels().quantize(&piece);

    ValueWalk walk;
    walk.value = static_cast<double>(value);
    walk.divided = steps.divided;
    walk.position = steps.divided + (coding.hasOffsets() ? coding.codeMin : scale.zeroPoint);
    walk.rounded = steps.unclamped;
    walk.code = code;
    walk.back = static_cast<double>(back);
    walk.error = walk.back - walk.value;
    walk.clipped = piece.clipped > 0;
    return walk;
}

} // namespace qs
