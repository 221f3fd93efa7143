// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of a recipe, as clicks on a layer make them.
#include "core/model/names.h"
#include "core/recipe/pattern.h"
#include "core/recipe/recipe.h"
#include "core/scheme/scheme_fields.h"

#include <algorithm>

namespace qs {
namespace {

bool saysNothing(const Rule &rule)
{
    return rule.action == Rule::Action::None && rule.scheme.empty() && !rule.axis && !rule.role;
}

bool applies(const Rule &rule, const Layer &layer)
{
    const auto pattern = Pattern::compile(rule.match);
    return pattern && pattern->matches(layer);
}

/// Takes away from `rule` what the rule `later` overrides.
void clearOverridden(Rule &rule, const Rule &later)
{
    if (later.role)
        rule.role.reset();
    if (actionOf(later) != Rule::Action::None) {
        rule.action = Rule::Action::None;
        rule.why.clear();
    }
    if (later.axis)
        rule.axis.reset();
    if (later.scheme.convention)
        rule.scheme = {}; // a preset resets all fields
    forEachField(rule.scheme, [&](const auto &field, auto &value) {
        if (field.of(later.scheme))
            value.reset();
    });
}

std::ptrdiff_t indexOfExact(const Recipe &recipe, const Layer &layer)
{
    const auto found =
        std::ranges::find(recipe.rules.rbegin(), recipe.rules.rend(), exactPattern(layer.name), &Rule::match);
    return recipe.rules.rend() - found - 1;
}

/// Lets `edit` change the layer's own rule so that the change wins. The rule stays where it is when no later one
/// overrides the change; else it moves to the end without what was overridden before, so that nothing else changes.
template <class Edit> void editOwnRule(Recipe &recipe, const Layer &layer, const Edit &edit)
{
    const std::ptrdiff_t index = indexOfExact(recipe, layer);
    if (index < 0) {
        Rule rule;
        rule.match = exactPattern(layer.name);
        edit(rule);
        if (!saysNothing(rule))
            recipe.rules.push_back(std::move(rule));
        return;
    }
    const auto position = recipe.rules.begin() + index;
    Rule edited = *position;
    edit(edited);
    Rule change;
    edit(change);
    Rule winning = change;
    Rule moved = *position;
    for (auto later = position + 1; later != recipe.rules.end(); ++later) {
        if (!applies(*later, layer))
            continue;
        clearOverridden(winning, *later);
        clearOverridden(moved, *later);
    }
    if (saysNothing(edited)) {
        recipe.rules.erase(position);
    } else if (winning == change) {
        *position = std::move(edited);
    } else {
        recipe.rules.erase(position);
        edit(moved);
        if (!saysNothing(moved))
            recipe.rules.push_back(std::move(moved));
    }
}

/// Whether the layer is quantized when its own rule has no action.
bool quantizedByOthers(const Recipe &recipe, const Layer &layer)
{
    const std::ptrdiff_t own = indexOfExact(recipe, layer);
    bool quantize = true;
    for (std::size_t i = 0; i < recipe.rules.size(); ++i) {
        Rule rule = recipe.rules[i];
        if (static_cast<std::ptrdiff_t>(i) == own)
            rule.action = Rule::Action::None;
        if (const Rule::Action action = actionOf(rule); action != Rule::Action::None && applies(rule, layer))
            quantize = action == Rule::Action::Include;
    }
    return quantize;
}

} // namespace

void setQuantized(Recipe &recipe, const Layer &layer, bool quantize)
{
    const bool needsAction = quantizedByOthers(recipe, layer) != quantize;
    editOwnRule(recipe, layer, [&](Rule &rule) {
        rule.why.clear();
        rule.action = !needsAction ? Rule::Action::None : quantize ? Rule::Action::Include : Rule::Action::Exclude;
    });
}

void setOverrides(Recipe &recipe, const Layer &layer, const SchemePatch &patch)
{
    editOwnRule(recipe, layer, [&](Rule &rule) { rule.scheme = patch; });
}

void setAxis(Recipe &recipe, const Layer &layer, std::optional<int> axis)
{
    editOwnRule(recipe, layer, [&](Rule &rule) { rule.axis = axis; });
}

void setRole(Recipe &recipe, const std::string &tensor, std::optional<Role> role)
{
    Layer named;
    named.name = tensor;
    named.module = moduleName(tensor);
    editOwnRule(recipe, named, [&](Rule &rule) { rule.role = role; });
}

const Rule *ownRule(const Recipe &recipe, const Layer &layer)
{
    const std::ptrdiff_t index = indexOfExact(recipe, layer);
    return index < 0 ? nullptr : &recipe.rules[static_cast<std::size_t>(index)];
}

SchemePatch overridesOf(const Recipe &recipe, const Layer &layer)
{
    const Rule *own = ownRule(recipe, layer);
    return own ? own->scheme : SchemePatch{};
}

} // namespace qs
