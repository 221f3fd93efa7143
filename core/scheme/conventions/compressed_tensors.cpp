// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// llm-compressor and vLLM: every operation in the weights' own type.
#include "core/scheme/conventions/extent.h"
#include "core/scheme/conventions/formulas.h"

#include "core/tensor/small_floats.h"

#include <cfloat>

namespace qs {
namespace {

/// Distance from 1 to the next number of a type.
float epsilonOf(DType type)
{
    return type == DType::F16 ? 0x1p-10F : type == DType::BF16 ? 0x1p-7F : FLT_EPSILON;
}

/// A scale of 0 becomes epsilon. The zero point comes from the scale as it was, and is rounded last.
ScaleAndZeroPoint scaleOf(const WeightRange &range, const Scheme &scheme, DType source)
{
    const DType type = workingType(source);
    const Extent extent(range, scheme);
    const float found = extentScale(extent, scheme.mode, type);
    const float zeroPoint = std::nearbyint(roundTo(type, extent.codeMin - roundTo(type, extent.low / found)));
    ScaleAndZeroPoint result;
    result.raised = found == 0;
    result.scale = result.raised ? epsilonOf(type) : found;
    setZeroPoint(result, extent, scheme.mode, std::isnan(zeroPoint) ? 0.0F : zeroPoint); // 0 / 0
    return withStored(result, extent, scheme);
}

} // namespace

constinit const Formula kCompressedTensorsFormula{.scaleOf = scaleOf,
                                                  .rule = CodeRule::DivideClampRound,
                                                  .sourceArithmetic = true,
                                                  .raised =
                                                      Text::constant("0 and became the epsilon of the weights' type")};

} // namespace qs
