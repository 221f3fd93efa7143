// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scales and zero points from ranges (NUMERICS.md §2).
#include "core/quant/scale_formulas.h"

#include "core/quant/quantize.h"
#include "core/scheme/convention.h"
#include "core/scheme/scale_table.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace qs {

namespace {

constexpr float kSmallestScale = FLT_EPSILON;

/// Type that a tool computes in: float32 for f64, which none of them keeps.
DType workingType(DType source)
{
    return source == DType::F16 || source == DType::BF16 ? source : DType::F32;
}

/// Distance from 1 to the next number of a type.
float epsilonOf(DType type)
{
    return type == DType::F16 ? 0x1p-10F : type == DType::BF16 ? 0x1p-7F : FLT_EPSILON;
}

/// Rounded once, where roundTo() would round twice.
float roundDouble(DType type, double value)
{
    if (type == DType::F32)
        return static_cast<float>(value);
    const int bits = type == DType::F16 ? 11 : 8; // with the hidden one
    const int lowest = type == DType::F16 ? -24 : -133;
    int exponent = 0;
    std::frexp(value, &exponent);
    const double quantum = std::ldexp(1.0, std::max(exponent - bits, lowest));
    return roundTo(type, static_cast<float>(std::nearbyint(value / quantum) * quantum)); // overflow becomes ∞
}

/// The ends of the codes and of the range with zero in it.
struct Ends {
    float codeMin;
    float codeMax;
    float low;
    float high;

    float span() const { return codeMax - codeMin; }
};

/// Formulas that keep small scales multiply by the reciprocal.
bool hasReciprocal(float scale)
{
    return std::isfinite(1 / scale);
}

float zeroPointOf(const Ends &ends, float scale)
{
    return ends.codeMin - std::nearbyint(ends.low / scale);
}

/// Divides in float32 or in the weights' type.
ScaleAndZeroPoint floatExtent(const Ends &ends, const Scheme &scheme, const Formula &formula, DType type)
{
    const auto rounded = [&](float value) {
        return formula.arithmetic == ScaleArithmetic::Source ? roundTo(type, value) : value;
    };
    const bool symmetric = scheme.mode == Mode::Symmetric;
    const float found = symmetric ? rounded(std::max(-ends.low, ends.high) / (ends.span() / 2))
                                  : rounded(rounded(ends.high - ends.low) / ends.span());
    ScaleAndZeroPoint result;
    result.scale = found;
    float zeroPoint = 0;
    switch (formula.small) {
    case SmallScale::Epsilon: // the zero point comes from the scale as it was, and is rounded last
        result.raised = found == 0;
        result.scale = found == 0 ? epsilonOf(type) : found;
        zeroPoint = std::nearbyint(rounded(ends.codeMin - rounded(ends.low / found)));
        zeroPoint = std::isnan(zeroPoint) ? 0.0F : zeroPoint; // 0 / 0
        break;
    case SmallScale::Raised:
        result.raised = found < kSmallestScale;
        result.scale = std::max(found, kSmallestScale);
        zeroPoint = ends.codeMin - std::nearbyint(rounded(ends.low / result.scale));
        break;
    case SmallScale::One:
    case SmallScale::Width:
    case SmallScale::Kept:
        zeroPoint = found == 0 ? 0.0F : zeroPointOf(ends, found);
        break;
    }
    if (!symmetric && std::isfinite(result.scale))
        result.zeroPoint = static_cast<std::int32_t>(std::clamp(zeroPoint, ends.codeMin, ends.codeMax));
    if (formula.small == SmallScale::Kept && !hasReciprocal(result.scale))
        result.scale = 0;
    return result;
}

/// TensorFlow Lite: codes are formed with the extent itself, in double.
ScaleAndZeroPoint widthExtent(const Ends &ends, const Scheme &scheme)
{
    ScaleAndZeroPoint result;
    result.scale = std::max(-ends.low, ends.high);
    const auto extent = static_cast<double>(result.scale);
    result.raised = extent < kLeastExtent;
    const double stored = std::max(extent, kLeastExtent) / (static_cast<double>(ends.span()) / 2);
    result.stored = roundToScaleType(static_cast<float>(stored), scheme.scaleType);
    if (scheme.codes == Codes::Best)
        result.scale = result.stored;
    return result;
}

/// ONNX Runtime: all in double, the scale rounded at the end.
ScaleAndZeroPoint doubleExtent(const Ends &ends, const Scheme &scheme, DType type)
{
    const auto low = static_cast<double>(ends.low);
    const auto high = static_cast<double>(ends.high);
    const bool symmetric = scheme.mode == Mode::Symmetric;
    const double width = symmetric ? 2 * std::max(-low, high) : high - low;
    const double scale = width / static_cast<double>(ends.span());
    ScaleAndZeroPoint result;
    result.raised = scale < (type == DType::F16 ? 0x1p-14 : 0x1p-126);
    if (result.raised) {
        result.scale = 1;
        return result;
    }
    result.scale = roundDouble(type, scale);
    if (!symmetric)
        result.zeroPoint = static_cast<std::int32_t>(std::nearbyint(static_cast<double>(ends.codeMin) - low / scale));
    return result;
}

ScaleAndZeroPoint extent(const Ends &ends, const Scheme &scheme, const Formula &formula, DType source)
{
    if (formula.small == SmallScale::Width)
        return widthExtent(ends, scheme);
    ScaleAndZeroPoint result;
    if (formula.arithmetic == ScaleArithmetic::F64)
        result = doubleExtent(ends, scheme, source == DType::F16 ? DType::F16 : DType::F32); // bf16 is unknown to it
    else
        result = floatExtent(ends, scheme, formula, workingType(source));
    result.stored = roundToScaleType(result.scale, scheme.scaleType);
    if (scheme.codes == Codes::Best && result.stored != result.scale) {
        result.scale = result.stored;
        if (scheme.mode == Mode::Asymmetric && std::isfinite(result.scale) && result.scale > 0)
            result.zeroPoint =
                static_cast<std::int32_t>(std::clamp(zeroPointOf(ends, result.scale), ends.codeMin, ends.codeMax));
    }
    return result;
}

/// Fills in what is written.
ScaleAndZeroPoint stored(ScaleAndZeroPoint result, const Scheme &scheme)
{
    result.stored = roundToScaleType(result.scale, scheme.scaleType);
    result.storedOffset = roundToScaleType(result.offset, scheme.scaleType);
    if (scheme.codes == Codes::Best) {
        result.scale = result.stored;
        result.offset = result.storedOffset;
    }
    if (!hasReciprocal(result.scale))
        result.scale = 0;
    return result;
}

/// One step from min to max, whose float offset is min.
ScaleAndZeroPoint span(const WeightRange &range, const Scheme &scheme)
{
    ScaleAndZeroPoint result;
    result.scale = (range.max - range.min) / static_cast<float>(scheme.codeMax() - scheme.codeMin());
    result.offset = range.min;
    return result;
}

ScaleAndZeroPoint signedExtreme(const WeightRange &range, const Scheme &scheme)
{
    float extreme = -range.min > range.max ? range.min : range.max;
    if (-range.min == range.max)
        extreme = std::copysign(range.max, range.negativeFirst ? -1.0F : 1.0F);
    ScaleAndZeroPoint result;
    result.scale = extreme / static_cast<float>(scheme.codeMin());
    return result;
}

} // namespace

float roundToScaleType(float value, ScaleType type)
{
    switch (type) {
    case ScaleType::F16:
        return roundTo(DType::F16, value);
    case ScaleType::BF16:
        return roundTo(DType::BF16, value);
    case ScaleType::F32:
        break;
    }
    return value;
}

ScaleAndZeroPoint scaleFor(const WeightRange &range, const Scheme &scheme, DType source)
{
    const Formula &formula = formulaOf(scheme);
    if (scheme.range.kind == RangeMethod::Kind::Hqq)
        return scaleFrom(hqqStart(range, scheme), scheme);
    if (formula.scale == ScaleFormula::Extent) {
        const Ends ends{static_cast<float>(scheme.codeMin()), static_cast<float>(scheme.codeMax()),
                        std::min(range.min, 0.0F), std::max(range.max, 0.0F)};
        return extent(ends, scheme, formula, source);
    }
    return stored(formula.scale == ScaleFormula::SignedExtreme ? signedExtreme(range, scheme) : span(range, scheme),
                  scheme);
}

void UnitScales::set(std::size_t unit, const ScaleAndZeroPoint &found)
{
    finite = finite && found.finite();
    raised += found.raised;
    lost += found.stored == 0 && found.scale != 0;
    scales[unit] = found.scale;
    stored[unit] = found.stored;
    if (zeroPoints)
        zeroPoints[unit] = static_cast<std::int8_t>(found.zeroPoint);
    if (offsets) {
        offsets[unit] = found.offset;
        storedOffsets[unit] = found.storedOffset;
    }
}

void scalesFor(std::span<const RangeSums> units, const Scheme &scheme, DType source, UnitScales &result)
{
    const Formula &formula = formulaOf(scheme);
    const bool common = formula.scale == ScaleFormula::Extent && formula.arithmetic == ScaleArithmetic::F32 &&
                        formula.small == SmallScale::Raised && scheme.scaleType == ScaleType::F32 &&
                        scheme.range.kind == RangeMethod::Kind::MinMax;
    if (!common) {
        for (std::size_t i = 0; i < units.size(); ++i)
            result.set(i, scaleFor({units[i].min, units[i].max, false}, scheme, source));
        return;
    }
    ScalePiece piece;
    piece.ranges = units.data();
    piece.count = units.size();
    const auto span = static_cast<float>(scheme.codeMax() - scheme.codeMin());
    piece.divisor = scheme.mode == Mode::Symmetric ? span / 2 : span;
    piece.smallest = kSmallestScale;
    piece.scales = result.scales;
    piece.zeroPoints = result.zeroPoints;
    piece.codeMin = scheme.codeMin();
    piece.codeMax = scheme.codeMax();
    kernels().scales(&piece);
    result.raised += piece.raised;
    std::copy_n(result.scales, units.size(), result.stored);
    unsigned infinite = 0; // without a way out, so that the loop becomes vectors
    for (std::size_t i = 0; i < units.size(); ++i)
        infinite |= static_cast<unsigned>(!(result.scales[i] <= FLT_MAX));
    result.finite = result.finite && infinite == 0;
}

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
    return stored(result, scheme);
}

WeightRange shrunk(const WeightRange &range, float share, const Scheme &scheme, DType source)
{
    const bool inSource = formulaOf(scheme).arithmetic == ScaleArithmetic::Source;
    const DType type = inSource ? workingType(source) : DType::F32;
    return {roundTo(type, range.min * share), roundTo(type, range.max * share), range.negativeFirst};
}

Coding codeRuleOf(const Scheme &scheme, DType source)
{
    const Formula &formula = formulaOf(scheme);
    Coding coding{formula.rule, Arithmetic::F32, scheme.codeMin(), scheme.codeMax()};
    if (scheme.range.kind == RangeMethod::Kind::Hqq)
        coding.rule = CodeRule::OffsetRint;
    else if (scheme.codes == Codes::Best && formula.scale == ScaleFormula::Extent)
        coding.rule = CodeRule::Divide; // the nearest code for the scale as stored
    else if (coding.rule == CodeRule::DivideClampRound && source == DType::F16)
        coding.arithmetic = Arithmetic::F16;
    else if (coding.rule == CodeRule::DivideClampRound && source == DType::BF16)
        coding.arithmetic = Arithmetic::BF16;
    return coding;
}

Coding storedCodeRuleOf(const Scheme &scheme, DType source)
{
    Coding coding = codeRuleOf(scheme, source);
    if (coding.rule == CodeRule::ExtentAway) // the extent is not kept
        coding.rule = CodeRule::ReciprocalAway;
    return coding;
}

std::uint64_t quantizedBytes(const MatrixShape &shape, const Scheme &scheme)
{
    const auto bits = static_cast<std::uint64_t>(scheme.bits);
    const ScaleGeometry geometry{scheme.granularity, shape};
    const std::uint64_t codes = shape.channels * ceilDiv(shape.weights * bits, 8);
    const std::uint64_t scales = geometry.count() * (scheme.scaleType == ScaleType::F32 ? 4 : 2);
    // One row of zero points per tensor or channel list, or per channel for groups; rows are padded to whole bytes.
    const bool grouped = scheme.granularity.kind == Granularity::Kind::Group;
    const std::uint64_t zeroPointRows = grouped ? shape.channels : 1;
    const std::uint64_t perRow = grouped ? geometry.groupsPerChannel() : geometry.count();
    const std::uint64_t zeroPoints = scheme.hasZeroPoints() ? zeroPointRows * ceilDiv(perRow * bits, 8) : 0;
    return codes + scales * (scheme.hasOffsets() ? 2 : 1) + zeroPoints;
}

} // namespace qs
