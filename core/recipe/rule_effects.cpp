// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/rule_effects.h"

#include "core/model/names.h"
#include "core/recipe/near_names.h"
#include "core/recipe/pattern.h"
#include "core/scheme/scheme_fields.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

namespace qs {

namespace {

/// Layers by all names that a rule may call them: rules with plain names are as many as layers, and not tried one by
/// one.
using LayersByName = std::unordered_map<std::string_view, std::vector<std::size_t>>;

LayersByName layersByName(const Model &model)
{
    LayersByName names;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Layer &layer = model.layers[i];
        names[layer.name].push_back(i);
        names[layer.module].push_back(i);
        for (const std::string &other : layer.otherNames) {
            names[other].push_back(i);
            names[moduleName(other)].push_back(i);
        }
    }
    return names;
}

std::vector<std::size_t> matched(const Pattern &pattern, const Model &model, const LayersByName &names)
{
    std::vector<std::size_t> layers;
    if (pattern.isPlainName()) {
        if (const auto found = names.find(pattern.plainName()); found != names.end())
            layers = found->second;
        layers.erase(std::ranges::unique(layers).begin(), layers.end());
        return layers;
    }
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        if (pattern.matches(model.layers[i]))
            layers.push_back(i);
    return layers;
}

std::uint64_t matchedTensors(const Pattern &pattern, const Model &model)
{
    return static_cast<std::uint64_t>(std::ranges::count_if(model.tensors, [&](const TensorInfo &tensor) {
        return pattern.matches(tensor.name) || pattern.matches(moduleName(tensor.name));
    }));
}

/// The rules that have the last word about something of a layer: action, axis, each field of the scheme.
std::vector<std::uint32_t> deciders(const Recipe &recipe, const std::vector<std::uint32_t> &rules)
{
    constexpr std::size_t kAction = kSchemeFieldCount;
    constexpr std::size_t kAxis = kSchemeFieldCount + 1;
    std::array<std::optional<std::uint32_t>, kSchemeFieldCount + 2> last;
    for (const std::uint32_t index : rules) {
        const Rule &rule = recipe.rules[index];
        if (actionOf(rule) != Rule::Action::None)
            last[kAction] = index;
        if (rule.axis)
            last[kAxis] = index;
        std::size_t field = 0;
        forEachField(rule.scheme, [&](const auto &, const auto &value) {
            // A convention resets the whole scheme.
            if (value || rule.scheme.convention)
                last[field] = index;
            ++field;
        });
    }
    std::vector<std::uint32_t> result;
    for (const auto &rule : last)
        if (rule && std::ranges::find(result, *rule) == result.end())
            result.push_back(*rule);
    return result;
}

} // namespace

RuleEffects ruleEffects(const Recipe &recipe, const Model &model)
{
    RuleEffects effects;
    effects.rules.resize(recipe.rules.size());
    effects.ofLayer.resize(model.layers.size());
    const LayersByName names = layersByName(model);
    for (std::size_t i = 0; i < recipe.rules.size(); ++i) {
        RuleEffect &effect = effects.rules[i];
        const auto pattern = Pattern::compile(recipe.rules[i].match);
        if (!pattern) {
            effect.problem = pattern.error().message;
            continue;
        }
        effect.layers = matched(*pattern, model, names);
        if (recipe.rules[i].role)
            effect.tensors = matchedTensors(*pattern, model);
        if (effect.matchesNothing())
            effect.near = nearNames(recipe.rules[i].match, model.layers);
        for (const std::size_t layer : effect.layers)
            effects.ofLayer[layer].push_back(static_cast<std::uint32_t>(i));
    }
    for (std::size_t layer = 0; layer < effects.ofLayer.size(); ++layer)
        for (const std::uint32_t rule : deciders(recipe, effects.ofLayer[layer]))
            effects.rules[rule].decides.push_back(layer);
    return effects;
}

Result<std::vector<std::size_t>> matchedLayers(std::string_view pattern, const Model &model)
{
    QS_ASSIGN(const Pattern compiled, Pattern::compile(pattern));
    std::vector<std::size_t> layers;
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        if (compiled.matches(model.layers[i]))
            layers.push_back(i);
    return layers;
}

} // namespace qs
