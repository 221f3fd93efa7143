// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/conventions/hqq.h"

#include "core/scheme/conventions/extent.h"

#include <algorithm>

namespace qs {
namespace {

ScaleAndZeroPoint startScale(const WeightRange &range, const Scheme &scheme, DType)
{
    return scaleFrom(hqqStart(range, scheme), scheme);
}

} // namespace

constinit const Formula kHqqFormula{.scaleOf = startScale,
                                    .rule = CodeRule::OffsetRint,
                                    .bestRule = CodeRule::OffsetRint,
                                    .offsets = true,
                                    .ownRange = true};

HqqTerms hqqStart(const WeightRange &range, const Scheme &scheme)
{
    constexpr float kLeastWidth = 1e-4F; // groups that hardly vary keep the scale 1
    constexpr float kLargestInverse = 2e4F;
    const float width = range.max - range.min;
    // PyTorch divides a number by a tensor through the reciprocal.
    const float inverse = 1 / width * static_cast<float>(scheme.codeMax() - scheme.codeMin());
    HqqTerms terms;
    terms.inverse = width <= kLeastWidth ? 1.0F : std::min(inverse, kLargestInverse);
    terms.zero = -range.min * terms.inverse;
    return terms;
}

ScaleAndZeroPoint scaleFrom(const HqqTerms &terms, const Scheme &scheme)
{
    ScaleAndZeroPoint result;
    result.scale = 1 / terms.inverse;
    result.offset = -terms.zero * result.scale;
    return withStored(result, scheme);
}

} // namespace qs
