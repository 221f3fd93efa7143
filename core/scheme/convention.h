// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Conventions: named presets of a scheme's fields, each with the formula of the tool that it is named after.
#pragma once

#include "core/kernels/kernels.h"
#include "core/scheme/scheme.h"

#include <span>
#include <string_view>

namespace qs {

/// Scale from the smallest weight l and the largest weight h of its unit and the ends of the codes (FORMATS.md §5).
enum class ScaleFormula : std::uint8_t {
    Extent, ///< with zero in [l, h]; symmetric: max(−l, h) / ((qmax − qmin) / 2), else (h − l) / (qmax − qmin)
    SignedExtreme, ///< the weight of largest magnitude, the first on ties, / qmin: the scale may be negative
    Span,          ///< (h − l) / (qmax − qmin); l is kept as offset in place of a zero point
};

/// Type that each step of ScaleFormula::Extent is rounded to.
enum class ScaleArithmetic : std::uint8_t {
    F32,
    F64,    ///< the scale itself is rounded to the weights' type at the end
    Source, ///< the weights' own type; float32 for f64
};

/// What becomes of scales that are too small to divide by.
enum class SmallScale : std::uint8_t {
    Raised,  ///< to 2^-23 at least
    Epsilon, ///< 0 becomes the epsilon of the weights' type, others stay
    One,     ///< below the smallest normal number of the weights' type: 1, zero point 0
    Width,   ///< ranges within ±5e-7 count as ±5e-7
    Kept,    ///< 0 stays 0; all codes mean 0
};

/// What a convention computes in its own way.
struct Formula {
    ScaleFormula scale = ScaleFormula::Extent;
    ScaleArithmetic arithmetic = ScaleArithmetic::F32;
    SmallScale small = SmallScale::Raised;
    CodeRule rule = CodeRule::Divide; ///< for Codes::Faithful
};

/// A preset. Fields that are not here are as in the default Scheme.
struct Convention {
    std::string_view name;
    std::string_view description; ///< one line for people
    Mode mode = Mode::Symmetric;
    int bits = 8;
    Granularity granularity{};
    CodeRange codeRange = CodeRange::Full;
    ScaleType scaleType = ScaleType::F32;
    Formula formula{};

    /// All fields as this convention sets them.
    Scheme scheme() const;
};

/// In the order in which they are offered; the default first.
std::span<const Convention> conventions();
/// Null for unknown names.
const Convention *findConvention(std::string_view name);
/// Formula of a valid scheme's convention.
const Formula &formulaOf(const Scheme &scheme);

} // namespace qs
