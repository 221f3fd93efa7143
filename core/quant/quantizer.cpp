// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantizer.h"

#include "core/scheme/convention.h"
#include "core/scheme/conventions/extent.h"
#include "core/scheme/conventions/hqq.h"
#include "core/scheme/many_scales.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <cfloat>

namespace qs {

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

namespace {

/// What UnitScales::set() says of each.
void addRemarks(std::size_t count, UnitScales &result)
{
    const auto isInfinite = [](float value) {
        return static_cast<unsigned>(!(value >= -FLT_MAX)) | static_cast<unsigned>(!(value <= FLT_MAX));
    };
    unsigned infinite = 0; // without a way out, so that the loops become vectors
    unsigned lost = 0;
    for (std::size_t i = 0; i < count; ++i) {
        infinite |= isInfinite(result.scales[i]) | isInfinite(result.stored[i]);
        lost += static_cast<unsigned>(result.stored[i] == 0) & static_cast<unsigned>(result.scales[i] != 0);
    }
    for (std::size_t i = 0; result.storedOffsets != nullptr && i < count; ++i)
        infinite |= isInfinite(result.storedOffsets[i]);
    result.finite = result.finite && infinite == 0;
    result.lost += lost;
}

} // namespace

Quantizer::Quantizer(const Scheme &scheme, DType source)
    : m_scheme(scheme)
    , m_source(source)
    , m_formula(&formulaOf(scheme))
    , m_arithmetic(m_formula->sourceArithmetic ? workingType(source) : DType::F32)
{
    if (scheme.range.kind == RangeMethod::Kind::Hqq)
        m_formula = &kHqqFormula;
}

void Quantizer::scalesFor(std::span<const RangeSums> units, UnitScales &result) const
{
    if (m_formula->scalesOfMany && !m_scheme.hasZeroPoints()) {
        m_formula->scalesOfMany(units, m_scheme, {result.scales, result.stored, result.offsets, result.storedOffsets});
        addRemarks(units.size(), result);
        return;
    }
    if (!m_formula->inKernel || m_scheme.scaleType != ScaleType::F32) {
        for (std::size_t i = 0; i < units.size(); ++i)
            result.set(i, scaleFor({units[i].min, units[i].max, false}));
        return;
    }
    ScalePiece piece;
    piece.ranges = units.data();
    piece.count = units.size();
    const auto span = static_cast<float>(m_scheme.codeMax() - m_scheme.codeMin());
    piece.divisor = m_scheme.mode == Mode::Symmetric ? span / 2 : span;
    piece.smallest = kSmallestScale;
    piece.scales = result.scales;
    piece.zeroPoints = result.zeroPoints;
    piece.codeMin = m_scheme.codeMin();
    piece.codeMax = m_scheme.codeMax();
    kernels().scales(&piece);
    result.raised += piece.raised;
    std::copy_n(result.scales, units.size(), result.stored);
    unsigned infinite = 0; // without a way out, so that the loop becomes vectors
    for (std::size_t i = 0; i < units.size(); ++i)
        infinite |= static_cast<unsigned>(!(result.scales[i] <= FLT_MAX));
    result.finite = result.finite && infinite == 0;
}

bool Quantizer::needsWeights() const
{
    return m_scheme.range.kind != RangeMethod::Kind::MinMax || m_formula->ownRange;
}

WeightRange Quantizer::shrunk(const WeightRange &range, float share) const
{
    return {roundTo(m_arithmetic, range.min * share), roundTo(m_arithmetic, range.max * share), range.negativeFirst};
}

Coding Quantizer::codingBy(CodeRule faithful) const
{
    const CodeRule rule = m_scheme.codes == Codes::Best ? m_formula->bestRule : faithful;
    const bool rounds = rule == CodeRule::DivideClampRound;
    return {rule, rounds ? arithmeticOf(m_arithmetic) : Arithmetic::F32, m_scheme.codeMin(), m_scheme.codeMax()};
}

Arithmetic arithmeticOf(DType type)
{
    return type == DType::F16 ? Arithmetic::F16 : type == DType::BF16 ? Arithmetic::BF16 : Arithmetic::F32;
}

} // namespace qs
