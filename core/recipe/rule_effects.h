// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ruleEffects: what each rule of a recipe matches, what it decides there, and which rules were outvoted.
#pragma once

#include "core/recipe/recipe.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qs {

struct RuleEffect {
    Text problem;                     ///< why the pattern cannot be read; empty when it can
    std::vector<std::size_t> layers;  ///< that it matches, ascending
    std::vector<std::size_t> decides; ///< those of them where some field is as this rule says
    std::uint64_t tensors = 0;        ///< of a rule with a role: tensors that it matches
    std::vector<std::string> near;    ///< names like the pattern, when it matches nothing

    bool matchesNothing() const { return problem.empty() && layers.empty() && tensors == 0; }
    /// It matches layers, and later rules say something else about every field of every one of them.
    bool isShadowed() const { return !layers.empty() && decides.empty() && tensors == 0; }
};

struct RuleEffects {
    std::vector<RuleEffect> rules;                   ///< as Recipe::rules
    std::vector<std::vector<std::uint32_t>> ofLayer; ///< of each layer the rules that match it, in order
};

/// By the same patterns as resolve(), which fails where this tells the problem of a rule.
RuleEffects ruleEffects(const Recipe &recipe, const Model &model);

/// Layers that the pattern of a rule matches, ascending. Error{Usage} for patterns that cannot be read.
Result<std::vector<std::size_t>> matchedLayers(std::string_view pattern, const Model &model);

} // namespace qs
