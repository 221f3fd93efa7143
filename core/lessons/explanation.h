// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Explanations: what each kind of number that people are shown means, its formula, and the numbers that go into it, as
// a data file (LESSONS.md).
#pragma once

#include "core/analysis/report.h"
#include "core/lessons/lesson.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

/// One kind of number.
struct Explanation {
    std::string id; ///< "layer.sqnr", unique
    LessonWords name;
    LessonWords meaning;
    std::string formula; ///< in symbols; empty: the value follows from no formula
    /// The formula with "{name:form}" where numbers go: the first of them whose numbers all exist is shown. Names are
    /// those of explainedValue().
    std::vector<std::string> numbers;
    std::string value;    ///< what the formula gives, one such place; empty: no number
    std::string term;     ///< English term of the glossary; empty: none
    std::string lesson;   ///< id of the lesson that shows it; empty: none
    std::size_t step = 0; ///< of it, from 0
};

/// Error{Input} that names the first wrong entry. Limits are those of lessons.
Result<std::vector<Explanation>> explanationsFromJson(std::string_view text, const std::string &where);

/// What numbers are taken from.
struct ExplainedPlace {
    const Model &model;
    const Report &report;
    const Report *other = nullptr;                   ///< B, null without
    std::optional<std::size_t> layer = std::nullopt; ///< whose numbers those of layers are
    std::optional<std::uint64_t> channel = std::nullopt;
};

/// A number by its name: "sqnr_db", "scale_min", "bytes_before" … Nothing where it does not exist, or the name does
/// not.
std::optional<double> explainedValue(std::string_view name, const ExplainedPlace &place);

/// A place of a template: what stands before it, and what goes there. The last has no name.
struct TemplatePart {
    std::string before;
    std::string name;
    std::string form; ///< "plain" when the template does not say it
};
/// "2 · {a:percent}" as its parts.
std::vector<TemplatePart> templateParts(std::string_view text);

/// The first template whose numbers all exist; null when there is none.
const std::string *filledTemplate(const Explanation &explanation, const ExplainedPlace &place);

} // namespace qs
