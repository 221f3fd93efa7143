// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Formula: how a tool goes from the range of some weights to their scale, and from there to codes.
#pragma once

#include "core/base/text.h"
#include "core/kernels/kernels.h"
#include "core/scheme/scheme.h"
#include "core/tensor/dtype.h"

#include <cmath>
#include <optional>
#include <span>
#include <string_view>

namespace qs {

/// Range of weights that one scale is to cover.
struct WeightRange {
    float min = 0;
    float max = 0;
    bool negativeFirst = false; ///< when −min = max: the first of the weights of that magnitude has a sign bit
};

/// Scale and zero point, or offset, of one channel, group or tensor.
struct ScaleAndZeroPoint {
    float scale = 1;  ///< codes are formed with it as the Coding says; 0: all codes mean 0
    float stored = 1; ///< as it is written: rounded to the scheme's scale type; dequantization uses it
    std::int32_t zeroPoint = 0;
    bool raised = false;    ///< the formula gave a scale too small to divide by
    float offset = 0;       ///< of schemes with offsets: codes are formed with it
    float storedOffset = 0; ///< as it is written

    bool finite() const { return std::isfinite(scale) && std::isfinite(stored) && std::isfinite(storedOffset); }
};

/// Units whose scales are found, and stored, together. A row is made of whole ones.
struct SuperBlock {
    std::size_t groupSize = 32; ///< weights of a unit
    std::size_t units = 8;
    std::size_t scaleBytes = 16; ///< all that lies beside the codes
    /// From `units · groupSize` finite weights one scale per unit and one code per weight, within the scheme's codes.
    /// Scales that overflow are not finite, and the codes mean nothing then.
    void (*search)(std::span<const float> weights, std::span<ScaleAndZeroPoint> scales,
                   std::span<std::int8_t> codes) = nullptr;

    std::size_t size() const { return groupSize * units; }
};

struct ManyScales;

/// What a tool computes in its own way. One for all conventions that share it.
struct Formula {
    /// Scale of weights of type `source` (NUMERICS.md §2, FORMATS.md §5). Not finite when the range or the scale
    /// overflows.
    ScaleAndZeroPoint (*scaleOf)(const WeightRange &range, const Scheme &scheme, DType source) = nullptr;
    /// scaleOf() of many units at once (many_scales.h), for those whose blocks are so small that finding their scales
    /// one by one would take longer than all the rest. Only for schemes without zero points. Ranges are those of the
    /// weights alone, without zero in them. Where the largest weight of a unit and minus the smallest are the same, a
    /// signed scale is that of a positive extreme. Null: scales are found one by one.
    void (*scalesOfMany)(std::span<const RangeSums> ranges, const Scheme &scheme, const ManyScales &result) = nullptr;
    CodeRule rule = CodeRule::Divide;     ///< for Codes::Faithful
    CodeRule bestRule = CodeRule::Divide; ///< for Codes::Best: the nearest code for the scale as stored
    /// In place of `rule` where only the scales as stored are known; none: `rule`.
    std::optional<CodeRule> storedRule{};
    bool offsets = false;          ///< a float offset stands in place of the zero point (Scheme::hasOffsets())
    bool sourceArithmetic = false; ///< every step is rounded to the weights' own type, float32 for f64
    bool ownRange = false;         ///< of the range with zero in it, the smallest and largest weight themselves count
    bool wholeBlocks = false;      ///< its tool refuses groups that do not fill the rows along the last axis
    bool signedScales = false;     ///< negative scales are nothing special
    bool inKernel = false;         ///< Kernels::scales() computes the same for float32 scales
    const SuperBlock *superBlock = nullptr; ///< null: each unit has a scale of its own
    TextLiteral<0> raised =
        Text::constant("raised to 2^-23"); ///< what became of scales that are marked so, after "3 scales were "
    /// Error{Usage} when the other fields of a scheme are not what the formula needs; null: any will do.
    Result<void> (*fits)(const Scheme &scheme) = nullptr;
};

/// `value` rounded to the scale type of a scheme.
float roundToScaleType(float value, ScaleType type);
void roundToScaleType(std::span<float> values, ScaleType type);

} // namespace qs
