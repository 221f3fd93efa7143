// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/torchao.h"

#include "core/export/containers/safetensors.h"
#include "core/export/formats/folders/hugging_face.h"
#include "core/export/producers.h"
#include "core/export/registry.h"

#include <array>

#include <nlohmann/json.hpp>

namespace qs {

namespace {

constexpr std::array<int, 1> kBits{8};

const Container *container(std::string_view suffix)
{
    return hasSuffix(kForeignSafetensorsContainer.suffixes, suffix) ? &kForeignSafetensorsContainer : nullptr;
}

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    // Its Linear leaves zero points out of account.
    LayerFit fit =
        fitLinear({.tool = "torchao", .bits = kBits, .grouped = false, .asymmetric = false, .scales = ScaleType::F32},
                  model, layer, decision);
    const DType type = model.tensorOf(model.layers[layer]).dtype;
    if (fit.decision.quantize && (type == DType::F16 || type == DType::BF16))
        fit.decision.valuesAs = type;
    return fit;
}

/// The type as torch calls it.
std::string_view torchName(DType type)
{
    switch (type) {
    case DType::F64:
        return "float64";
    case DType::F16:
        return "float16";
    case DType::BF16:
        return "bfloat16";
    default:
        return "float32";
    }
}

/// Constructor arguments of one tensor.
std::string tensorEntry(const TensorInfo &tensor)
{
    const nlohmann::ordered_json entry{{"_type", "Int8Tensor"},
                                       {"_data",
                                        {{"block_size", {1, tensor.shape[1]}},
                                         {"dtype", {{"_type", "torch.dtype"}, {"_data", torchName(tensor.dtype)}}},
                                         {"act_quant_kwargs", nullptr},
                                         {"reduce_range", false}}},
                                       {"_tensor_data_names", {"qdata", "scale"}}};
    return entry.dump();
}

Result<FileContents> contents(const ExportInput &input)
{
    const auto codes = layerCodes(input.model, input.decisions, byteCodes());
    FileContents file;
    nlohmann::ordered_json names = nlohmann::ordered_json::array();
    QS_ASSIGN(file.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  if (!input.decisions[layer].quantize)
                      return {};
                  const Layer &what = input.model.layers[layer];
                  const TensorInfo &tensor = input.model.tensorOf(what);
                  const std::string prefix = linearModule(what) + "._weight_";
                  names.push_back(what.name);
                  file.metadata[what.name] = tensorEntry(tensor);
                  return {{prefix + "qdata", DType::I8, tensor.shape, codes, layer, kCodes, 0},
                          {prefix + "scale", DType::F32, {tensor.shape[0], 1}, codes, layer, kScales, 0}};
              }));
    const std::size_t quantized = names.size();
    std::size_t parts = 0;
    for (const OutputTensor &tensor : file.tensors)
        parts += tensor.producer == codes ? 1U : 0U;
    for (std::size_t i = 0; i + parts < file.tensors.size(); ++i) { // copies come first
        names.push_back(file.tensors[i].name);
        file.metadata[file.tensors[i].name] = nlohmann::ordered_json{{"_type", "Tensor"}}.dump();
    }
    if (quantized > 0)
        file.metadata["tensor_names"] = names.dump();
    file.metadata["format"] = "pt";
    return file;
}

std::vector<Text> notes(const ExportInput &input)
{
    std::vector<Text> notes{Text::of("follows a prototype of torchao 0.18; later releases may want another layout")};
    if (input.model.network && input.model.network->samples)
        notes.push_back(Text::of("the model's samples are left out: a state dict holds parameters only"));
    return notes;
}

} // namespace

constinit const ExportFormat kTorchaoFormat{
    .name = "torchao",
    .description = Text::constant("torchao: int8 weights per row as its Int8Tensor (a prototype of theirs)"),
    .suffixes = "*.safetensors",
    .suffix = ".safetensors",
    .runtimes = Text::constant("torchao"),
    .usage = "from safetensors import safe_open\nfrom torchao.prototype.safetensors.safetensors_support import "
             "unflatten_tensor_state_dict\nwith safe_open({}, \"pt\") as f: state, rest = "
             "unflatten_tensor_state_dict({k: f.get_tensor(k) for k in f.keys()}, f.metadata())",
    .presets = {"bits=8"},
    .readable = true,
    .container = container,
    .fit = fit,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
