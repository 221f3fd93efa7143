// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model.h"

#include "core/base/input_file.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace qs {
namespace {

constexpr std::array<std::string_view, 6> kOps{"linear", "conv", "recurrent", "embedding", "conv_transpose", "matmul"};
constexpr std::array<std::string_view, 5> kActivations{"none", "relu", "gelu", "silu", "tanh"};

/// The value whose text it is, in a list in the order of the values.
template <class Value, std::size_t N>
std::optional<Value> fromText(const std::array<std::string_view, N> &texts, std::string_view text)
{
    const auto found = std::ranges::find(texts, text);
    if (found == texts.end())
        return std::nullopt;
    return static_cast<Value>(found - texts.begin());
}

} // namespace

std::string_view textOf(Op op)
{
    return kOps[static_cast<std::size_t>(op)];
}

std::string_view textOf(Activation activation)
{
    return kActivations[static_cast<std::size_t>(activation)];
}

std::optional<Op> opFromText(std::string_view text)
{
    return fromText<Op>(kOps, text);
}

std::optional<Activation> activationFromText(std::string_view text)
{
    return fromText<Activation>(kActivations, text);
}

std::vector<std::size_t> StoredQuantization::parts() const
{
    std::vector<std::size_t> result = others;
    for (const auto &part : {scales, zeroPoints, offsets})
        if (part)
            result.push_back(*part);
    return result;
}

TensorView Model::view(std::size_t tensor) const
{
    const TensorInfo &info = tensors[tensor];
    return {&info, files[info.file].get()};
}

bool Model::isSample(std::size_t tensor) const
{
    return network && network->samples && (network->samples->inputs == tensor || network->samples->labels == tensor);
}

std::uint64_t Model::parameters() const
{
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (!isSample(i) && !aliases.contains(i))
            count += tensors[i].elements();
    std::vector<bool> seen(tensors.size()); // layers may share a part
    for (const Layer &layer : layers) {
        if (!layer.stored)
            continue;
        for (const std::size_t tensor : layer.stored->parts()) {
            if (!seen[tensor])
                count -= tensors[tensor].elements();
            seen[tensor] = true;
        }
    }
    return count;
}

std::uint64_t Model::bytes() const
{
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (!isSample(i) && !aliases.contains(i))
            count += tensors[i].byteSize;
    return count;
}

Text Model::roleReason(std::size_t tensor) const
{
    const auto declared = roles.find(tensor);
    const bool decided = declared != roles.end() && !declared->second.layer && !declared->second.reason.empty();
    return decided ? declared->second.reason : Text::of(roleOf(tensor).reason);
}

std::optional<std::size_t> Model::findTensor(std::string_view name) const
{
    const auto nameAt = [this](std::size_t index) -> std::string_view { return tensors[index].name; };
    const auto found = std::ranges::lower_bound(tensorsByName, name, {}, nameAt);
    if (found == tensorsByName.end() || nameAt(*found) != name)
        return std::nullopt;
    return *found;
}

std::optional<std::size_t> Model::layerOf(std::size_t tensor) const
{
    if (tensor >= layersByTensor.size() || layersByTensor[tensor] == kNoLayer)
        return std::nullopt;
    return layersByTensor[tensor];
}

std::optional<std::size_t> Model::findLayer(std::string_view module) const
{
    // The order is that of the layers: "fc1" comes before "fc1.weight".
    for (const std::string &name : {std::string(module), std::string(module) + ".weight"}) {
        const std::optional<std::size_t> tensor = findTensor(name);
        const std::optional<std::size_t> layer = tensor ? layerOf(*tensor) : std::nullopt;
        if (layer && layers[*layer].module == module)
            return layer;
    }
    return std::nullopt;
}

void Model::indexLayers()
{
    layersByTensor.assign(tensors.size(), kNoLayer);
    for (std::size_t i = 0; i < layers.size(); ++i)
        layersByTensor[layers[i].tensor] = static_cast<std::uint32_t>(i);
}

bool Model::readsFrom(const std::filesystem::path &other) const
{
    return std::ranges::any_of(files, [&](const auto &file) { return file->isSameFile(other); });
}

Text withoutValues(const Model &model, const Layer &layer)
{
    const TensorInfo &tensor = model.tensorOf(layer);
    if (layer.hasCodes() || tensor.hasFloatValues())
        return {};
    if (tensor.encoding)
        return tensor.encoding->withoutValues;
    return Text::of("values of type {} are not decoded", tensor.typeName());
}

std::uint64_t floatBytes(const Model &model, const Layer &layer)
{
    const TensorInfo &tensor = model.tensorOf(layer);
    if (layer.stored)
        return tensor.elements() * bitsOf(layer.stored->sourceDType) / 8;
    return tensor.encoding ? tensor.byteSize : tensor.elements() * bitsOf(tensor.dtype) / 8;
}

} // namespace qs
