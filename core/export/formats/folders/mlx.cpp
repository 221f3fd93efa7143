// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/folders/mlx.h"

#include "core/export/formats/folders/hugging_face.h"
#include "core/export/formats/folders/row_codes.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qs {

namespace {

constexpr std::array<int, 6> kBits{4, 8, 6, 5, 3, 2};
constexpr std::array<std::uint32_t, 3> kGroups{64, 32, 128};

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit = fitLinear({.tool = "MLX",
                              .bits = kBits,
                              .groups = kGroups,
                              .channels = false,
                              .offsets = true,
                              .embeddings = true,
                              .inputsOf = 32},
                             model, layer, decision);
    const DType type = model.tensorOf(model.layers[layer]).dtype;
    if (fit.decision.quantize && (type == DType::F16 || type == DType::BF16))
        fit.decision.valuesAs = type; // in which MLX computes them
    return fit;
}

nlohmann::ordered_json schemeEntry(const Scheme &scheme)
{
    return {{"group_size", scheme.granularity.groupSize}, {"bits", scheme.bits}, {"mode", "affine"}};
}

/// The scheme that most layers have, with those of the others by their modules.
Result<std::string> additions(const ExportInput &input)
{
    std::map<std::string, std::size_t> counts;
    for (const Decision &decision : input.decisions)
        if (decision.quantize)
            ++counts[schemeEntry(decision.scheme).dump()];
    const auto usual = std::ranges::max_element(counts, {}, [](const auto &entry) { return entry.second; });
    nlohmann::ordered_json quantization = nlohmann::ordered_json::object();
    if (usual != counts.end())
        quantization = nlohmann::ordered_json::parse(usual->first);
    for (std::size_t i = 0; i < input.decisions.size(); ++i)
        if (input.decisions[i].quantize && schemeEntry(input.decisions[i].scheme).dump() != usual->first)
            quantization[linearModule(input.model.layers[i])] = schemeEntry(input.decisions[i].scheme);
    nlohmann::ordered_json added{{"quantization", quantization}, {"quantization_config", quantization}};
    // mlx-lm looks for it there only, and takes another one for granted.
    QS_ASSIGN(const json::Value config, configOf(input.model));
    const json::Value *rope = config.find("rope_parameters");
    const json::Value *theta = rope != nullptr && rope->kind == json::Kind::Object ? rope->find("rope_theta") : nullptr;
    if (theta != nullptr && config.find("rope_theta") == nullptr) {
        if (theta->kind == json::Kind::Unsigned)
            added["rope_theta"] = theta->number;
        else if (theta->kind == json::Kind::Float)
            added["rope_theta"] = theta->real;
    }
    return added.dump();
}

Result<FileContents> contents(const ExportInput &input)
{
    RowCodes codesOf(input, {plainScales, addedOffsets});
    FileContents folder;
    QS_ASSIGN(folder.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  const CodePacker *packer = codesOf.packer(layer);
                  if (packer == nullptr)
                      return {};
                  const std::shared_ptr<const Producer> codes = codesOf.producer(layer);
                  const Layer &what = input.model.layers[layer];
                  const TensorInfo &tensor = input.model.tensorOf(what);
                  const std::uint64_t rows = tensor.shape[0];
                  const std::uint64_t groups = groupsOf(input, layer);
                  const std::string module = linearModule(what);
                  return {{what.name, DType::U32, {rows, packer->bytes(tensor.shape[1]) / 4}, codes, layer, 0, 0},
                          {module + ".scales", tensor.dtype, {rows, groups}, codes, layer, 1, 0},
                          {module + ".biases", tensor.dtype, {rows, groups}, codes, layer, 2, 0}};
              }));
    folder.metadata["format"] = "mlx";
    QS_ASSIGN(const std::string added, additions(input));
    QS_ASSIGN(folder.folderFiles, folderFiles(input.model, added));
    return folder;
}

std::vector<Text> notes(const ExportInput &input)
{
    for (std::size_t i = 0; i < input.decisions.size(); ++i) {
        const Decision &decision = input.decisions[i];
        const DType type = input.model.tensorOf(input.model.layers[i]).dtype;
        // A bias stands for a zero point times a scale; rounded, it moves all values of its group.
        if (decision.quantize && decision.scheme.mode == Mode::Asymmetric && (type == DType::F16 || type == DType::BF16))
            return {Text::of("MLX keeps the biases of asymmetric layers in the weights' type, {}: their rounding adds "
                             "to the errors shown, most of all at 8 bits",
                             nameOf(type))};
    }
    return {};
}

} // namespace

constinit const ExportFormat kMlxFormat{
    .name = "mlx",
    .description = Text::constant("MLX: a folder of 2- to 8-bit weights in groups; from Hugging Face models"),
    .suffixes = "",
    .suffix = "",
    .runtimes = Text::constant("MLX, mlx-lm"),
    .usage =
        "from mlx_lm import generate, load\nmodel, tokenizer = load({})\nprint(generate(model, tokenizer, \"Hello\"))",
    .presets = {"bits=4,mode=asymmetric,granularity=group:64", "bits=8,mode=asymmetric,granularity=group:64"},
    .readable = true,
    .roundsParts = true,
    .folder = true,
    .whyNot = whyNoHuggingFaceFolder,
    .container = folderContainer,
    .fit = fit,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
