// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The formulas of a convention in symbols, as they stand on paper.
#pragma once

#include "core/scheme/convention.h"

#include <string>
#include <vector>

namespace qs {

/// One of them. `w` is a weight, `s` the scale, `z` the zero point, `o` an offset, `q` the code, `b` the bits.
struct FormulaLine {
    enum class Kind { CodeRange, SymmetricScale, AsymmetricScale, ZeroPoint, Offset, Code, Back };
    Kind kind = Kind::Code;
    std::string formula;
};

/// Those of both modes, as far as the convention has them; in the order in which they are computed.
std::vector<FormulaLine> formulaLines(const Convention &convention);

} // namespace qs
