// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Conventions: named presets of a scheme's fields, each with the formula of the tool that it is named after.
#pragma once

#include "core/base/text.h"
#include "core/scheme/formula.h"

#include <span>
#include <string_view>

namespace qs {

/// A preset. Fields that are not here are as in the default Scheme.
struct Convention {
    std::string_view name;
    TextLiteral<0> description; ///< one line for people
    const Formula *formula = nullptr;
    Mode mode = Mode::Symmetric;
    int bits = 8;
    Granularity granularity{};
    CodeRange codeRange = CodeRange::Full;
    ScaleType scaleType = ScaleType::F32;
    bool fullBelow8Bits = false; ///< with fewer bits the tool uses the full code range

    /// All fields as this convention sets them.
    Scheme scheme() const;
};

/// In the order in which they are offered; the default first.
std::span<const Convention> conventions();
/// Null for unknown names.
const Convention *findConvention(std::string_view name);
/// Formula of a valid scheme's convention. Looks the name up: for more than one scale, make a Quantizer.
const Formula &formulaOf(const Scheme &scheme);

} // namespace qs
