// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of lecture notebooks: symmetric over the largest code, asymmetric without zero in the range.
#include "core/scheme/conventions/extent.h"
#include "core/scheme/conventions/formulas.h"

#include <algorithm>

namespace qs {
namespace {

constexpr float kSmallestLectureScale = 1e-8F;

/// Symmetric: max |w| / qmax. Asymmetric: (max − min) / (qmax − qmin) of the weights as they are, so that zero has no
/// code when it lies outside: the zero point is clamped then.
ScaleAndZeroPoint lectureScale(const WeightRange &range, const Scheme &scheme, DType)
{
    const Extent ends(range, scheme);
    const bool symmetric = scheme.mode == Mode::Symmetric;
    const float found = symmetric ? std::max(std::fabs(range.min), std::fabs(range.max)) / ends.codeMax
                                  : (range.max - range.min) / ends.codes();
    ScaleAndZeroPoint result;
    result.raised = found < kSmallestLectureScale;
    result.scale = std::max(found, kSmallestLectureScale);
    setZeroPoint(result, ends, scheme.mode, std::nearbyint(ends.codeMin - range.min / result.scale));
    result.stored = roundToScaleType(result.scale, scheme.scaleType);
    if (scheme.codes == Codes::Best)
        result.scale = result.stored;
    return result;
}

} // namespace

constinit const Formula kLectureFormula{.scaleOf = lectureScale,
                                        .rule = CodeRule::DivideClampRound, // rounds with the zero point added
                                        .bestRule = CodeRule::DivideClampRound,
                                        .ownRange = true,
                                        .raised = Text::constant("raised to 1e-8")};

} // namespace qs
