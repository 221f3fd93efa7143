// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/bulk_edit.h"

#include "core/recipe/pattern.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace qs {

namespace {

/// Below this number there is nothing to win.
constexpr std::size_t kMany = 16;

struct Switch {
    std::size_t layer;
    bool quantize;
    std::string match; ///< of the layer's own rule
};

void switchOneByOne(Recipe &recipe, const Model &model, const std::vector<Switch> &switches)
{
    for (const Switch &change : switches)
        setQuantized(recipe, model.layers[change.layer], change.quantize);
}

/// Takes the rules away that say nothing but whether one of the layers is quantized, so that one resolve() tells what
/// all other rules say. Layers whose own rule says more are returned: they are rare, and their rule may have to move.
std::vector<Switch> stripOwnRules(Recipe &recipe, std::vector<Switch> &switches)
{
    std::unordered_map<std::string, bool> saysMore; // by match
    for (const Rule &rule : recipe.rules)
        saysMore[rule.match] |= !rule.scheme.empty() || rule.axis || rule.role;
    std::unordered_map<std::string, bool> own;
    std::vector<Switch> special;
    std::erase_if(switches, [&](Switch &change) {
        const auto rule = saysMore.find(change.match);
        const bool isSpecial = rule != saysMore.end() && rule->second;
        if (isSpecial)
            special.push_back(std::move(change));
        else
            own[change.match] = true;
        return isSpecial;
    });
    std::erase_if(recipe.rules, [&](const Rule &rule) { return own.contains(rule.match); });
    return special;
}

} // namespace

void setQuantized(Recipe &recipe, const Model &model, const LayerIndices &on, const LayerIndices &off)
{
    std::vector<Switch> switches;
    for (const std::size_t layer : on)
        switches.push_back({layer, true, exactPattern(model.layers[layer].name)});
    for (const std::size_t layer : off)
        switches.push_back({layer, false, exactPattern(model.layers[layer].name)});
    if (switches.size() < kMany)
        return switchOneByOne(recipe, model, switches);
    const std::vector<Switch> all = switches;
    Recipe stripped = recipe;
    const std::vector<Switch> special = stripOwnRules(stripped, switches);
    const auto others = resolve(stripped, model, true);
    if (!others)
        return switchOneByOne(recipe, model, all);
    for (const Switch &change : switches)
        if ((*others)[change.layer].quantize != change.quantize) {
            Rule rule;
            rule.match = change.match;
            rule.action = change.quantize ? Rule::Action::Include : Rule::Action::Exclude;
            stripped.rules.push_back(std::move(rule));
        }
    switchOneByOne(stripped, model, special);
    recipe = std::move(stripped);
}

void changeOverrides(Recipe &recipe, const Model &model, const LayerIndices &layers,
                     const std::function<void(SchemePatch &)> &change)
{
    for (const std::size_t index : layers) {
        const Layer &layer = model.layers[index];
        SchemePatch patch = overridesOf(recipe, layer);
        change(patch);
        Scheme scheme = recipe.scheme;
        patch.applyTo(scheme);
        if (widenIfAsymmetric(scheme))
            patch.codeRange = scheme.codeRange;
        setOverrides(recipe, layer, patch);
    }
}

void clearOverrides(Recipe &recipe, const Model &model, const LayerIndices &layers)
{
    for (const std::size_t index : layers) {
        setOverrides(recipe, model.layers[index], {});
        setAxis(recipe, model.layers[index], std::nullopt);
    }
}

LayerIndices partnersOfKept(const std::vector<Decision> &decisions, const Model &model)
{
    // What programs call queries, keys and values: a segment of the module's name.
    static constexpr std::array<std::array<std::string_view, 3>, 6> kTriples{{{"q_proj", "k_proj", "v_proj"},
                                                                              {"query", "key", "value"},
                                                                              {"q", "k", "v"},
                                                                              {"to_q", "to_k", "to_v"},
                                                                              {"wq", "wk", "wv"},
                                                                              {"attn_q", "attn_k", "attn_v"}}};
    LayerIndices partners;
    const auto addPartners = [&](const std::string &module, std::size_t begin, std::size_t length) {
        const std::string_view segment = std::string_view(module).substr(begin, length);
        for (const auto &triple : kTriples) {
            if (std::ranges::find(triple, segment) == triple.end())
                continue;
            for (const std::string_view other : triple) {
                std::string name = module;
                name.replace(begin, length, other);
                const auto layer = model.findLayer(name);
                if (layer && decisions[*layer].quantize)
                    partners.push_back(*layer);
            }
        }
    };
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        if (decisions[i].quantize)
            continue;
        const std::string &module = model.layers[i].module;
        for (std::size_t begin = 0; begin <= module.size();) {
            const std::size_t end = std::min(module.find('.', begin), module.size());
            addPartners(module, begin, end - begin);
            begin = end + 1;
        }
    }
    std::ranges::sort(partners);
    partners.erase(std::ranges::unique(partners).begin(), partners.end());
    return partners;
}

std::vector<SchemePatch> overridesOfAll(const Recipe &recipe, const Model &model)
{
    std::unordered_map<std::string, const SchemePatch *> byMatch;
    for (const Rule &rule : recipe.rules)
        byMatch[rule.match] = &rule.scheme; // the last rule of that name is the layer's own
    std::vector<SchemePatch> result;
    result.reserve(model.layers.size());
    for (const Layer &layer : model.layers) {
        const auto own = byMatch.find(exactPattern(layer.name));
        result.push_back(own == byMatch.end() ? SchemePatch{} : *own->second);
    }
    return result;
}

} // namespace qs
