// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/declared_network.h"

#include "core/base/text.h"
#include "core/parse/json.h"

#include <unordered_set>

namespace qs {
namespace {

constexpr const char *kKey = "quantoscope.network";

std::unexpected<Error> wrong(Text message)
{
    return fail(ErrorCode::Input, std::move(message));
}

Result<std::vector<std::string>> stringsOf(const json::Value &object, const char *key)
{
    const json::Value *list = object.find(key);
    if (list == nullptr || list->kind != json::Kind::Array)
        return wrong(Text::of("'{}' must be an array of strings", key));
    std::vector<std::string> result;
    for (const json::Value &item : list->items) {
        if (item.kind != json::Kind::String)
            return wrong(Text::of("'{}' must be an array of strings, not of {}", key, json::describe(item.kind)));
        result.push_back(item.text);
    }
    return result;
}

Result<std::size_t> sampleTensor(const Model &model, const json::Value &value)
{
    const auto tensor = value.kind == json::Kind::String ? model.findTensor(value.text) : std::nullopt;
    if (!tensor)
        return wrong(value.kind == json::Kind::String ? Text::of("there is no tensor {}", inQuotes(value.text))
                                                      : Text::of("names of sample tensors must be strings"));
    return *tensor;
}

Result<ModelSamples> samplesFrom(const Model &model, const json::Value &object)
{
    const json::Value *inputs = object.find("inputs");
    if (inputs == nullptr)
        return wrong(Text::of("'inputs' is missing"));
    ModelSamples samples;
    QS_ASSIGN(samples.inputs, sampleTensor(model, *inputs));
    const TensorInfo &info = model.tensors[samples.inputs];
    if (!isWeightFloat(info.dtype) || info.shape.size() != 2)
        return wrong(Text::of("the inputs must be a float tensor [samples, features], not {} {}", nameOf(info.dtype),
                              shapeText(info.shape)));
    if (const json::Value *labels = object.find("labels")) {
        QS_ASSIGN(samples.labels, sampleTensor(model, *labels));
        const TensorInfo &classes = model.tensors[*samples.labels];
        if (!isInteger(classes.dtype) || classes.shape != std::vector{info.shape[0]})
            return wrong(Text::of("the labels must be whole numbers of shape [{}], not {} {}", info.shape[0],
                                  nameOf(classes.dtype), shapeText(classes.shape)));
    }
    if (const json::Value *about = object.find("about"); about != nullptr && about->kind == json::Kind::String)
        samples.about = about->text;
    return samples;
}

Result<DeclaredNetwork> networkFrom(Model &model, std::string_view text)
{
    QS_ASSIGN(const json::Value root, json::parse(text, kKey));
    if (root.kind != json::Kind::Object)
        return wrong(Text::of("it must be an object, not {}", json::describe(root.kind)));
    DeclaredNetwork network;
    if (const json::Value *samples = root.find("samples")) {
        if (auto found = samplesFrom(model, *samples))
            network.samples = std::move(*found);
        else
            model.warnings.push_back(
                Text::of("the samples of the metadata '{}' are not used: {}", kKey, found.error().sentence()));
    }
    QS_ASSIGN(network.layers, stringsOf(root, "layers"));
    if (network.layers.empty())
        return wrong(Text::of("'layers' is empty"));
    QS_ASSIGN(const std::vector<std::string> activations, stringsOf(root, "activations"));
    if (activations.size() != network.layers.size())
        return wrong(Text::of("there are {} layers but {} activations", network.layers.size(), activations.size()));
    for (const std::string &name : activations) {
        const std::optional<Activation> activation = activationFromText(name);
        if (!activation)
            return wrong(Text::of("unknown activation {}", inQuotes(name)));
        network.activations.push_back(*activation);
    }
    return network;
}

void warn(Model &model, const Text &reason)
{
    model.warnings.push_back(Text::of("the metadata '{}' is not used: {}", kKey, reason));
}

} // namespace

void readDeclaredNetwork(Model &model)
{
    const auto found = model.metadata.find(kKey);
    if (found == model.metadata.end())
        return;
    if (auto network = networkFrom(model, found->second))
        model.network = std::move(*network);
    else
        warn(model, network.error().sentence());
}

void checkDeclaredNetwork(Model &model)
{
    if (!model.network)
        return;
    std::unordered_set<std::string_view> seen;
    for (const std::string &name : model.network->layers) {
        const bool isKnown = model.findLayer(name).has_value();
        if (isKnown && seen.insert(name).second)
            continue;
        warn(model, isKnown ? Text::of("the layer {} stands there twice", inQuotes(name))
                            : Text::of("the layer {} does not exist", inQuotes(name)));
        model.network.reset();
        return;
    }
}

} // namespace qs
