// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's observers, torchao and gpt-fast: min–max scales that are raised to 2^-23 at least.
#include "core/scheme/conventions/extent.h"
#include "core/scheme/conventions/formulas.h"

#include "core/tensor/small_floats.h"

#include <algorithm>

namespace qs {
namespace {

ScaleAndZeroPoint raisedScale(const WeightRange &range, const Scheme &scheme, DType type)
{
    const Extent extent(range, scheme);
    const float found = extentScale(extent, scheme.mode, type);
    ScaleAndZeroPoint result;
    result.raised = found < kSmallestScale;
    result.scale = std::max(found, kSmallestScale);
    setZeroPoint(result, extent, scheme.mode,
                 extent.codeMin - std::nearbyint(roundTo(type, extent.low / result.scale)));
    return withStored(result, extent, scheme);
}

ScaleAndZeroPoint inFloat32(const WeightRange &range, const Scheme &scheme, DType)
{
    return raisedScale(range, scheme, DType::F32);
}

ScaleAndZeroPoint inSourceType(const WeightRange &range, const Scheme &scheme, DType source)
{
    return raisedScale(range, scheme, workingType(source));
}

} // namespace

constinit const Formula kGptFastFormula{.scaleOf = inFloat32, .inKernel = true};
constinit const Formula kTorchFormula{.scaleOf = inFloat32, .rule = CodeRule::Reciprocal, .inKernel = true};
constinit const Formula kTorchAoFormula{
    .scaleOf = inSourceType, .rule = CodeRule::Reciprocal, .sourceArithmetic = true};

} // namespace qs
