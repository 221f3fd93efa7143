// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/metadata.h"

#include "core/analysis/calibration.h"
#include "core/layers/declared_roles.h"
#include "core/network/chain.h"
#include "core/quant/code_packer.h"
#include "core/recipe/pattern.h"
#include "core/recipe/scheme_json.h"
#include "core/version.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qs {

namespace {

std::string compact(const nlohmann::json &json)
{
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// `packing`: "uint4"; empty for a byte per code.
nlohmann::json tensorEntry(const Scheme &scheme, int axis, const TensorInfo &tensor, DType sourceDType,
                           const std::string &packing)
{
    auto json = fieldsJson<nlohmann::json>(scheme);
    json["axis"] = axis;
    json["dtype"] = nameOf(sourceDType);
    if (axis >= tensor.stackAxes && tensor.stackAxes > 0)
        json["stack"] = tensor.stackAxes;
    if (!packing.empty()) {
        json["packing"] = packing;
        json["shape"] = tensor.shape;
    }
    return json;
}

/// Order and activations, so that a reopened export is the same network; empty when there is none.
std::string networkText(const Model &model, const Recipe &recipe)
{
    const ChainSearch search = findChain(model, recipe.activation);
    if (!search.chain)
        return {};
    nlohmann::json json;
    for (const ChainLayer &layer : search.chain->layers) {
        json["layers"].push_back(model.layers[layer.layer].module);
        json["activations"].push_back(textOf(layer.activation));
    }
    if (model.network && model.network->samples) {
        const ModelSamples &samples = *model.network->samples;
        json["samples"]["inputs"] = model.tensors[samples.inputs].name;
        if (samples.labels)
            json["samples"]["labels"] = model.tensors[*samples.labels].name;
        json["samples"]["about"] = samples.about;
    }
    return compact(json);
}

/// The recipe without rules that match nothing, and with an exclude rule for each layer that this export keeps for
/// reasons of its own, so that the file opens as what it is.
Recipe asCarriedOut(const Model &model, const Recipe &recipe, const std::vector<Decision> &decisions)
{
    Recipe result = recipe;
    result.ties.clear(); // these are in the file itself
    if (const Text samples = chosenOn(decisions); !samples.empty())
        result.chosenOn = samples.str();
    // The recipe was resolved before, so its patterns can be read.
    if (const auto matched = matchedRules(recipe, model)) {
        result.rules.clear();
        for (std::size_t i = 0; i < recipe.rules.size(); ++i)
            if ((*matched)[i])
                result.rules.push_back(recipe.rules[i]);
    }
    const auto asked = resolve(recipe, model, true);
    for (std::size_t i = 0; asked && i < decisions.size(); ++i) {
        if (!(*asked)[i].quantize || decisions[i].quantize)
            continue;
        result.rules.push_back(
            {exactPattern(model.layers[i].name), Rule::Action::Exclude, decisions[i].reason.str(), {}, {}});
    }
    return result;
}

} // namespace

bool isOwnLayout(const Model &model, const Layer &layer)
{
    const TensorInfo &tensor = model.tensorOf(layer);
    return layer.hasCodes() && (tensor.dtype == DType::I8 || tensor.rowElements != 0) &&
           model.tensors[*layer.stored->scales].name == layer.module + ".scales" &&
           !layer.stored->scheme.convention.empty();
}

/// Entry by entry: all of them as JSON at once would take kilobytes for each of perhaps a million layers.
std::string tensorsMetadata(const ExportInput &input)
{
    const Model &model = input.model;
    std::vector<std::size_t> layers;
    for (std::size_t i = 0; i < input.decisions.size(); ++i)
        if (const Layer &layer = model.layers[i];
            layer.stored ? isOwnLayout(model, layer) : input.decisions[i].quantize)
            layers.push_back(i); // codes of other tools are known by their own names or types again
    std::ranges::sort(layers, {}, [&](std::size_t i) -> std::string_view { return model.layers[i].name; });
    std::string text = "{";
    for (const std::size_t i : layers) {
        const Layer &layer = model.layers[i];
        const Decision &decision = input.decisions[i];
        const TensorInfo &tensor = model.tensorOf(layer);
        const CodePacker *packer = packerFor(input, i);
        const nlohmann::json entry =
            layer.stored
                ? tensorEntry(layer.stored->scheme, layer.channelAxis, tensor, layer.stored->sourceDType,
                              tensor.rowElements == 0 ? std::string() : fmt::format("uint{}", bitsOf(tensor.dtype)))
                : tensorEntry(decision.scheme, decision.channelAxis, tensor, tensor.dtype,
                              packer ? std::string(packer->name) : std::string());
        if (text.size() > 1)
            text += ',';
        text += compact(layer.name);
        text += ':';
        text += compact(entry);
    }
    return text + '}';
}

std::map<std::string, std::string> exportMetadata(const ExportInput &input)
{
    const Model &model = input.model;
    const Recipe &recipe = input.recipe;
    const bool tensors = !input.format.decodes;
    std::map<std::string, std::string> metadata = model.metadata;
    metadata.erase(std::string(kTensorsKey));
    for (const char *key : {"quantoscope.recipe", "quantoscope.network", kRolesKey})
        metadata.erase(key);
    metadata.try_emplace("format", "pt");
    metadata["quantoscope.version"] = kVersion;
    if (tensors) {
        metadata["quantoscope.recipe"] = toJson(asCarriedOut(model, recipe, input.decisions), true);
        metadata[std::string(kTensorsKey)] = tensorsMetadata(input);
    }
    if (std::string roles = rolesText(model, !tensors); !roles.empty())
        metadata[kRolesKey] = std::move(roles);
    if (std::string network = networkText(model, recipe); !network.empty())
        metadata["quantoscope.network"] = std::move(network);
    return metadata;
}

} // namespace qs
