// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Quantizer: a scheme for weights of one type, with the formula of its convention looked up.
#pragma once

#include "core/scheme/formula.h"

#include <span>

namespace qs {

/// In kernels, what Quantizer::arithmetic() says.
Arithmetic arithmeticOf(DType type);

/// Where Quantizer::scalesFor() puts what it finds, one entry per unit. What a scheme does not have may be null.
struct UnitScales {
    float *scales = nullptr; ///< ScaleAndZeroPoint::scale and so on
    float *stored = nullptr;
    std::int8_t *zeroPoints = nullptr;
    float *offsets = nullptr;
    float *storedOffsets = nullptr;
    std::uint64_t raised = 0; ///< how many were raised, and how many are not 0 but stored as 0 (added)
    std::uint64_t lost = 0;
    bool finite = true; ///< becomes false when one is not

    void set(std::size_t unit, const ScaleAndZeroPoint &found);
};

/// How scales follow from ranges, and codes from scales. Made once per layer: looking the convention up compares names.
class Quantizer
{
public:
    /// For a valid scheme and weights of type `source` in the file.
    Quantizer(const Scheme &scheme, DType source);

    const Scheme &scheme() const { return m_scheme; }
    DType source() const { return m_source; }

    /// Scale by the formula of the range method if it has its own, else of the convention. Not finite when the range or
    /// the scale overflows. For the range hqq: as HQQ starts, before any optimisation.
    ScaleAndZeroPoint scaleFor(const WeightRange &range) const { return m_formula->scaleOf(range, m_scheme, m_source); }
    /// scaleFor() of many units, at the speed of the kernels where the formula is that of most. Ranges that are not
    /// finite give scales that are not.
    void scalesFor(std::span<const RangeSums> units, UnitScales &result) const;
    /// Units whose scales are found together; null: each on its own.
    const SuperBlock *superBlock() const { return m_formula->superBlock; }
    /// False when scales follow from the range of the weights with zero in it.
    bool needsWeights() const;

    /// How codes are formed.
    Coding coding() const { return codingBy(m_formula->rule); }
    /// How they are formed anew where only the scales as stored are known.
    Coding storedCoding() const { return codingBy(m_formula->storedRule.value_or(m_formula->rule)); }

    /// The range shrunk to a share of it, in the arithmetic of the convention.
    WeightRange shrunk(const WeightRange &range, float share) const;
    /// Type that the convention computes in: f32, or f16 or bf16 where it rounds to the weights' own type.
    DType arithmetic() const { return m_arithmetic; }

private:
    Coding codingBy(CodeRule faithful) const;

    Scheme m_scheme;
    DType m_source;
    const Formula *m_formula;
    DType m_arithmetic;
};

} // namespace qs
