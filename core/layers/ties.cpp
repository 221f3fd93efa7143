// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/ties.h"

#include "core/model/names.h"

#include <algorithm>
#include <map>

namespace qs {

void chooseTiedNames(Model &model)
{
    std::map<std::size_t, std::vector<std::size_t>> groups; // by the tensor that the weights are listed under
    for (const auto &[alias, tensor] : model.aliases)
        groups[tensor].push_back(alias);
    const auto comesFirst = [&](std::size_t a, std::size_t b) {
        const bool looksUpA = model.namedRoles[a].role == Role::Embedding;
        const bool looksUpB = model.namedRoles[b].role == Role::Embedding;
        return looksUpA != looksUpB ? looksUpA : naturalLess(model.tensors[a].name, model.tensors[b].name);
    };
    for (auto &[tensor, names] : groups) {
        const auto first = std::ranges::min_element(names, comesFirst);
        if (model.roles.contains(tensor) || isInteger(model.tensors[tensor].dtype) || !comesFirst(*first, tensor))
            continue;
        const std::size_t chosen = *first;
        *first = tensor;
        model.aliases.erase(chosen);
        for (const std::size_t name : names)
            model.aliases[name] = chosen;
    }
}

void nameTies(Model &model)
{
    std::map<std::size_t, std::vector<std::string>> names; // by layer
    for (const auto &[alias, tensor] : model.aliases)
        if (const auto layer = model.layerOf(tensor))
            names[*layer].push_back(model.tensors[alias].name);
    for (const auto &[name, same] : model.metadata) {
        const auto tensor = model.findTensor(same);
        const auto layer = tensor ? model.layerOf(*tensor) : std::nullopt;
        if (layer && !model.findTensor(name))
            names[*layer].push_back(name);
    }
    for (auto &[layer, list] : names) {
        std::ranges::sort(list, naturalLess);
        model.layers[layer].otherNames = std::move(list);
    }
}

} // namespace qs
