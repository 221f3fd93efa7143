// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/format.h"

#include "core/base/text.h"
#include "core/export/containers/safetensors.h"
#include "core/export/metadata.h"
#include "core/export/packed_codes.h"
#include "core/export/producers.h"
#include "core/export/registry.h"
#include "core/formats/reader.h"
#include "core/formats/registry.h"
#include "core/model/names.h"
#include "core/scheme/scale_table.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

namespace qs {

SchemePatch presetOf(std::string_view text)
{
    SchemePatch patch{.convention = std::string(kDefaultConvention)};
    while (!text.empty()) {
        const std::string_view field = text.substr(0, text.find(','));
        const std::size_t equals = field.find('=');
        if (equals == std::string_view::npos || !patch.set(field.substr(0, equals), field.substr(equals + 1)))
            return {};
        text.remove_prefix(std::min(field.size() + 1, text.size()));
    }
    return patch;
}

namespace {

/// Of files that programs take for something else, though nothing here reads them.
constexpr std::string_view kOtherSuffixes{
    "*.json *.zip *.pkl *.pickle *.h5 *.hdf5 *.keras *.tflite *.pb *.mlmodel *.ort *.engine *.npy *.msgpack *.ggml"};

/// A tensor that is written as it is. Error{Work} for types and shapes that safetensors lacks.
Result<OutputTensor> copied(const ExportInput &input, std::size_t index, const std::shared_ptr<const Producer> &copies)
{
    const TensorInfo &shown = input.model.tensors[index];
    const TensorInfo &tensor = shown.inFile ? *shown.inFile : shown; // codes are copied as the file has them
    if (safetensorsNameOf(tensor.dtype).empty()) {
        const ExportFormat *decoding = input.format.decodes ? nullptr : decodingFormat();
        return fail(ErrorCode::Work,
                    decoding ? Text::of("tensors of type {} cannot be stored in this format; the format {} decodes "
                                        "quantized layers",
                                        tensor.typeName(), decoding->name)
                             : Text::of("tensors of type {} cannot be stored in this format", tensor.typeName()),
                    Text::of("tensor {}", inQuotes(tensor.name)));
    }
    if (tensor.elements() * bitsOf(tensor.dtype) % 8 != 0)
        return fail(ErrorCode::Work,
                    Text::of("the shape {} of {} is not a whole number of bytes, as this format wants",
                             shapeText(tensor.shape), tensor.typeName()),
                    Text::of("tensor {}", inQuotes(tensor.name)));
    return OutputTensor{tensor.name, tensor.dtype, tensor.shape, copies, index, 0, 0, shown.file};
}

/// Error{Work} for codes that are copied, although nothing but a file of their own kind says what they stand for: the
/// nodes of a graph, the arguments of a pickled tensor.
Result<void> checkCopiedCodes(const ExportInput &input, const Layer &layer)
{
    if (!layer.stored || input.format.decodes || isOwnLayout(input.model, layer))
        return {};
    const bool byName = !layer.hasCodes() || !layer.stored->tool.empty() ||
                        input.model.tensors[*layer.stored->scales].name.ends_with(".weight_scale");
    if (byName && input.model.graph == nullptr)
        return {};
    const ExportFormat *decoding = decodingFormat();
    return fail(ErrorCode::Work,
                decoding ? Text::of("it holds codes whose meaning only a file of its own kind can tell; the format {} "
                                    "decodes quantized layers",
                                    decoding->name)
                         : Text::of("it holds codes whose meaning only a file of its own kind can tell"),
                Text::of("tensor {}", inQuotes(layer.name)));
}

/// Whether another tensor stands for this one. Programs that read folders take ties from config.json, not from the
/// file, so that copies stay.
bool isLeftOut(const ExportInput &input, std::size_t index)
{
    const auto alias = input.model.aliases.find(index);
    if (alias == input.model.aliases.end())
        return false;
    const auto layer = input.model.layerOf(alias->second);
    return !input.format.folder || (layer && input.decisions[*layer].quantize);
}

/// Error{Work} for a tensor whose name our reader would take for that of a part of a layer's codes.
Result<void> checkPartNames(const std::vector<OutputTensor> &copies, const std::vector<OutputTensor> &ofLayers)
{
    constexpr std::string_view kScales = ".scales";
    constexpr std::string_view kZeroPoints = ".zero_points";
    std::unordered_set<std::string_view> coded; // stems of the names of scales
    for (const OutputTensor &tensor : ofLayers)
        if (std::string_view name = tensor.name; name.ends_with(kScales))
            coded.insert(name.substr(0, name.size() - kScales.size()));
    for (const OutputTensor &tensor : copies)
        if (std::string_view name = tensor.name;
            name.ends_with(kZeroPoints) && coded.contains(name.substr(0, name.size() - kZeroPoints.size())))
            return fail(ErrorCode::Work,
                        Text::of("the name is that of the zero points of a quantized layer; exclude the layer"),
                        Text::of("tensor {}", inQuotes(tensor.name)));
    return {};
}

} // namespace

const Container *safetensorsUnlessOther(std::string_view suffix)
{
    if (hasSuffix(kSafetensorsContainer.suffixes, suffix))
        return &kSafetensorsContainer;
    const auto isTheirs = [&](const auto *format) { return hasSuffix(format->suffixes, suffix); };
    const bool known = std::ranges::any_of(exportFormats(), isTheirs) ||
                       std::ranges::any_of(formatReaders(), isTheirs) || hasSuffix(kOtherSuffixes, suffix);
    return known ? nullptr : &kSafetensorsContainer;
}

LayerFit fitAnything(const Model & /*model*/, std::size_t /*layer*/, const Decision &decision)
{
    return {decision};
}

Result<std::vector<OutputTensor>> modelTensors(const ExportInput &input, const LayerTensors &layerTensors)
{
    std::set<std::size_t> replaced; // weights that are written anew, and scales that vanish with their codes
    std::vector<OutputTensor> ofLayers;
    for (std::size_t i = 0; i < input.model.layers.size(); ++i) {
        std::vector<OutputTensor> tensors = layerTensors(i);
        const Layer &layer = input.model.layers[i];
        if (tensors.empty()) {
            QS_CHECK(checkCopiedCodes(input, layer));
            continue;
        }
        replaced.insert(layer.tensor);
        if (layer.stored) {
            for (const std::size_t part : layer.stored->parts())
                replaced.insert(part);
        }
        for (OutputTensor &tensor : tensors) {
            tensor.shard = input.model.tensorOf(layer).file;
            ofLayers.push_back(std::move(tensor));
        }
    }
    std::vector<OutputTensor> result;
    result.reserve(input.model.tensors.size() + ofLayers.size());
    const auto copies = tensorCopies(input.model);
    for (std::size_t i = 0; i < input.model.tensors.size(); ++i) {
        if (replaced.contains(i) || isLeftOut(input, i) || (input.container.parametersOnly && input.model.isSample(i)))
            continue;
        QS_ASSIGN(OutputTensor tensor, copied(input, i, copies));
        result.push_back(std::move(tensor));
    }
    QS_CHECK(checkPartNames(result, ofLayers));
    for (OutputTensor &tensor : ofLayers)
        result.push_back(std::move(tensor));
    return result;
}

std::map<std::string, std::string> tiesOf(const ExportInput &input, const std::vector<OutputTensor> &tensors)
{
    const Model &model = input.model;
    std::map<std::string, std::string> ties;
    if (model.aliases.empty())
        return ties;
    std::unordered_set<std::string_view> names;
    for (const OutputTensor &tensor : tensors)
        names.insert(tensor.name);
    for (const auto &[alias, tensor] : model.aliases) {
        const std::string &name = model.tensors[alias].name;
        const std::string &same = model.tensors[tensor].name;
        if (names.contains(same) && !names.contains(name))
            ties.emplace(name, same);
        const auto layer = model.layerOf(tensor);
        if (!layer || !input.decisions[*layer].quantize)
            continue;
        for (const char *part : {".scales", ".zero_points", ".offsets"}) {
            const std::string partName = std::string(moduleName(same)) + part;
            if (names.contains(partName))
                ties.emplace(std::string(moduleName(name)) + part, partName);
        }
    }
    return ties;
}

std::vector<OutputTensor> codesAndScales(const ExportInput &input, std::size_t layer,
                                         const std::shared_ptr<const Producer> &codes, DType scaleType,
                                         const CodePacker *packer)
{
    const Layer &what = input.model.layers[layer];
    const TensorInfo &tensor = input.model.tensorOf(what);
    const Decision &decision = input.decisions[layer];
    const auto shape = scalesShape(tensor, decision.channelAxis, decision.scheme.granularity);
    const std::string prefix = what.name.ends_with(".weight") ? what.module : what.name;
    OutputTensor inBytes{what.name, DType::I8, tensor.shape, codes, layer, kCodes, 0};
    if (packer != nullptr) {
        inBytes.dtype = DType::U8;
        inBytes.shape.resize(tensor.stackAxes + std::size_t{1});
        inBytes.shape.push_back(packer->bytes(streamRow(tensor, StreamRows::FirstAxis)));
    }
    std::vector<OutputTensor> tensors{
        std::move(inBytes),
        {prefix + ".scales", scaleType, shape, codes, layer, kScales, 0},
    };
    if (decision.scheme.hasZeroPoints())
        tensors.push_back({prefix + ".zero_points", DType::I8, shape, codes, layer, kZeroPoints, 0});
    if (decision.scheme.hasOffsets())
        tensors.push_back({prefix + ".offsets", scaleType, shape, codes, layer, kOffsets, 0});
    return tensors;
}

const CodePacker *packerFor(const ExportInput &input, std::size_t layer)
{
    const Decision &decision = input.decisions[layer];
    if (input.unpacked || !decision.quantize || decision.scheme.bits >= 8)
        return nullptr;
    return findCodePacker(fmt::format("uint{}", decision.scheme.bits));
}

std::vector<Text> byteNotes(std::span<const Decision> decisions)
{
    const bool below8 =
        std::ranges::any_of(decisions, [](const Decision &d) { return d.quantize && d.scheme.bits < 8; });
    if (!below8)
        return {};
    return {Text::of("codes below 8 bits take one byte each in this format")};
}

} // namespace qs
