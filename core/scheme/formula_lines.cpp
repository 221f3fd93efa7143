// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scheme/formula_lines.h"

#include "core/scheme/conventions/formulas.h"

namespace qs {
namespace {

/// What a formula says of its scales in its own way. Empty: not in this mode.
struct ScaleLines {
    const Formula *formula;
    std::string_view symmetric;
    std::string_view asymmetric;
    std::string_view zeroPoint;
};

constexpr std::string_view kSearched =
    "s and o of 8 groups: least Σ(|w| + √mean w²)·(ŵ − w)²; then 6 bits each, times f16";
constexpr std::string_view kUsualZeroPoint = "z = clamp(qmin − round(min(w, 0) / s), qmin, qmax)";

constexpr ScaleLines kScaleLines[] = {
    {&kGptFastFormula, "s = max(max|w| / ((qmax − qmin) / 2), 2⁻²³)",
     "s = max((max(w, 0) − min(w, 0)) / (qmax − qmin), 2⁻²³)", kUsualZeroPoint},
    {&kTorchFormula, "s = max(max|w| / ((qmax − qmin) / 2), 2⁻²³)",
     "s = max((max(w, 0) − min(w, 0)) / (qmax − qmin), 2⁻²³)", kUsualZeroPoint},
    {&kTorchAoFormula, "s = max(max|w| / ((qmax − qmin) / 2), 2⁻²³)",
     "s = max((max(w, 0) − min(w, 0)) / (qmax − qmin), 2⁻²³)", kUsualZeroPoint},
    {&kCompressedTensorsFormula, "s = max|w| / ((qmax − qmin) / 2)", "s = (max(w, 0) − min(w, 0)) / (qmax − qmin)",
     "z = clamp(round(qmin − min(w, 0) / s), qmin, qmax)"},
    {&kOnnxRuntimeFormula, "s = 2 · max|w| / (qmax − qmin)", "s = (max(w, 0) − min(w, 0)) / (qmax − qmin)",
     "z = round(qmin − min(w, 0) / s)"},
    {&kTfliteFormula, "s = max(max|w|, 5·10⁻⁷) / ((qmax − qmin) / 2)", {}, {}},
    {&kGgmlQ8Formula, "s = max|w| / ((qmax − qmin) / 2)", "s = (max(w, 0) − min(w, 0)) / (qmax − qmin)",
     kUsualZeroPoint},
    {&kGgmlSignedFormula, "s = e / qmin,  e: the weight of the largest |w|, with its sign", {}, {}},
    {&kGgmlOffsetFormula, {}, "s = (max w − min w) / (qmax − qmin)", {}},
    {&kGgmlQ4KFormula, {}, kSearched, {}},
    {&kGgmlQ5KFormula, {}, kSearched, {}},
    {&kGgmlQ6KFormula, "s of 16 groups: least Σw²·(ŵ − w)²; then 8 bits each, times f16", {}, {}},
    {&kLectureFormula, "s = max(max|w| / qmax, 10⁻⁸)", "s = max((max w − min w) / (qmax − qmin), 10⁻⁸)",
     "z = clamp(round(qmin − min w / s), qmin, qmax)"},
};

/// Without the zero point where there is none.
std::string_view codeLine(CodeRule rule, bool hasZeroPoint)
{
    switch (rule) {
    case CodeRule::Divide:
        return hasZeroPoint ? "q = clamp(round(w / s) + z, qmin, qmax)" : "q = clamp(round(w / s), qmin, qmax)";
    case CodeRule::Reciprocal:
        return hasZeroPoint ? "q = clamp(round(w · (1/s)) + z, qmin, qmax)" : "q = clamp(round(w · (1/s)), qmin, qmax)";
    case CodeRule::DivideClampRound:
        return hasZeroPoint ? "q = round(clamp(w / s + z, qmin, qmax))" : "q = round(clamp(w / s, qmin, qmax))";
    case CodeRule::ReciprocalAway:
        return hasZeroPoint ? "q = clamp(round(w · (1/s)) + z, qmin, qmax), halves away from 0"
                            : "q = clamp(round(w · (1/s)), qmin, qmax), halves away from 0";
    case CodeRule::ExtentAway:
        return "q = clamp(round(w / s), qmin, qmax), halves away from 0";
    case CodeRule::Truncate:
        return "q = clamp(⌊w · (1/s) + 0.5 − qmin⌋ + qmin, qmin, qmax)";
    case CodeRule::OffsetTruncate:
        return "q = clamp(⌊(w − o) · (1/s) + 0.5⌋ + qmin, qmin, qmax)";
    case CodeRule::OffsetRint:
        return "q = clamp(round(w · (1/s) − o · (1/s)) + qmin, qmin, qmax)";
    case CodeRule::OffsetDivide:
        return "q = clamp(round((w − o) / s) + qmin, qmin, qmax)";
    }
    return {};
}

bool allows(const Convention &convention, Mode mode)
{
    Scheme scheme = convention.scheme();
    scheme.mode = mode;
    widenIfAsymmetric(scheme);
    return scheme.validate().has_value();
}

} // namespace

std::vector<FormulaLine> formulaLines(const Convention &convention)
{
    using Kind = FormulaLine::Kind;
    std::vector<FormulaLine> lines;
    const auto add = [&](Kind kind, std::string_view formula) {
        if (!formula.empty())
            lines.push_back({kind, std::string(formula)});
    };
    const Formula &formula = *convention.formula;
    const bool hasZeroPoints = !formula.offsets && allows(convention, Mode::Asymmetric);
    add(Kind::CodeRange, convention.codeRange == CodeRange::Narrow ? "qmin = −(2ᵇ⁻¹ − 1), qmax = 2ᵇ⁻¹ − 1"
                                                                   : "qmin = −2ᵇ⁻¹, qmax = 2ᵇ⁻¹ − 1");
    for (const ScaleLines &known : kScaleLines) {
        if (known.formula != convention.formula)
            continue;
        if (allows(convention, Mode::Symmetric))
            add(Kind::SymmetricScale, known.symmetric);
        if (allows(convention, Mode::Asymmetric)) {
            add(Kind::AsymmetricScale, known.asymmetric);
            add(Kind::ZeroPoint, known.zeroPoint);
        }
    }
    if (formula.rule == CodeRule::OffsetTruncate)
        add(Kind::Offset, "o = min w");
    add(Kind::Code, codeLine(formula.rule, hasZeroPoints));
    add(Kind::Back, formula.offsets ? "ŵ = (q − qmin) · s + o" : hasZeroPoints ? "ŵ = (q − z) · s" : "ŵ = q · s");
    return lines;
}

} // namespace qs
