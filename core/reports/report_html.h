// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A report as one HTML file that needs nothing else: figures, tables, recipe, what was fed, versions.
#pragma once

#include "core/analysis/compare.h"
#include "core/analysis/report.h"
#include "core/model/model.h"

#include <string>

namespace qs {

/// What stands beside the report (B); all of it lives as long as the call.
struct ComparedSide {
    std::string title;
    const Report *report = nullptr;         ///< for the layers of the same model
    const Recipe *recipe = nullptr;         ///< of another recipe; null for another file
    const Comparison *comparison = nullptr; ///< of another file; null for another recipe
};

/// UTF-8. Holds the report as JSON in the element "quantoscope-report" and the recipe, which recipeFromJson() reads
/// back, in "quantoscope-recipe". Names of files are text in it, never markup.
std::string reportHtml(const Model &model, const Recipe &recipe, const Report &report,
                       const ComparedSide *other = nullptr);

/// Recipe that reportHtml() has written. Error{Input} when the file holds none.
Result<Recipe> recipeFromHtml(std::string_view html, const std::string &where);

} // namespace qs
