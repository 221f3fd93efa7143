// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/folders/compressed_tensors.h"

#include "core/export/formats/folders/hugging_face.h"
#include "core/export/formats/folders/row_codes.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qs {

namespace {

constexpr std::array<int, 2> kBits{8, 4}; // of others some releases make other weights
constexpr std::uint64_t kWordBits = 32;

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    // Rows of 4-bit codes fill whole words.
    return fitLinear({.tool = "compressed-tensors", .bits = kBits, .inputsOf = 8}, model, layer, decision);
}

/// What one entry of `config_groups` says of its layers.
nlohmann::ordered_json weightsEntry(const Scheme &scheme)
{
    const bool groups = scheme.granularity.kind == Granularity::Kind::Group;
    nlohmann::ordered_json entry{{"num_bits", scheme.bits},
                                 {"type", "int"},
                                 {"symmetric", scheme.mode == Mode::Symmetric},
                                 {"strategy", groups ? "group" : "channel"},
                                 {"group_size", nullptr},
                                 {"dynamic", false},
                                 {"observer", "minmax"}};
    if (groups)
        entry["group_size"] = scheme.granularity.groupSize;
    return entry;
}

std::string additions(const ExportInput &input)
{
    std::map<std::string, std::vector<std::string>> modules; // by the entry that they need
    for (std::size_t i = 0; i < input.decisions.size(); ++i)
        if (input.decisions[i].quantize)
            modules[weightsEntry(input.decisions[i].scheme).dump()].push_back(linearModule(input.model.layers[i]));
    nlohmann::ordered_json groups = nlohmann::ordered_json::object();
    for (const auto &[entry, names] : modules)
        groups[fmt::format("group_{}", groups.size())] = {
            {"targets", modules.size() == 1 ? std::vector<std::string>{"Linear"} : names},
            {"input_activations", nullptr},
            {"output_activations", nullptr},
            {"weights", nlohmann::ordered_json::parse(entry)}};
    // Only these keys: programs refuse others.
    const nlohmann::ordered_json config{{"quant_method", "compressed-tensors"}, {"format", "pack-quantized"},
                                        {"quantization_status", "compressed"},  {"kv_cache_scheme", nullptr},
                                        {"global_compression_ratio", nullptr},  {"ignore", floatModules(input)},
                                        {"config_groups", std::move(groups)}};
    return nlohmann::ordered_json{{"quantization_config", config}}.dump();
}

/// The bytes of two numbers of 64 bits.
std::string shapeBytes(const TensorInfo &tensor)
{
    std::string bytes;
    for (const std::uint64_t length : tensor.shape)
        for (unsigned i = 0; i < sizeof length; ++i)
            bytes += static_cast<char>(length >> (8 * i) & 0xffU);
    return bytes;
}

Result<FileContents> contents(const ExportInput &input)
{
    RowCodes codesOf(input, {plainScales, zeroPointColumns});
    FileContents folder;
    QS_ASSIGN(folder.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  const CodePacker *packer = codesOf.packer(layer);
                  if (packer == nullptr)
                      return {};
                  const std::shared_ptr<const Producer> codes = codesOf.producer(layer);
                  const TensorInfo &tensor = input.model.tensorOf(input.model.layers[layer]);
                  const std::uint64_t rows = tensor.shape[0];
                  const Decision &decision = input.decisions[layer];
                  const std::uint64_t each = kWordBits / static_cast<unsigned>(decision.scheme.bits);
                  const std::uint64_t groups = groupsOf(input, layer);
                  const std::string prefix = linearModule(input.model.layers[layer]) + ".weight_";
                  std::vector<OutputTensor> tensors{
                      {prefix + "packed", DType::I32, {rows, tensor.shape[1] / each}, codes, layer, 0, 0},
                      {prefix + "scale", tensor.dtype, {rows, groups}, codes, layer, 1, 0},
                      {prefix + "shape", DType::I64, {2}, fixedBytes(shapeBytes(tensor)), layer, 0, 0}};
                  if (decision.scheme.hasZeroPoints())
                      tensors.push_back(
                          {prefix + "zero_point", DType::I32, {(rows + each - 1) / each, groups}, codes, layer, 2, 0});
                  return tensors;
              }));
    folder.metadata["format"] = "pt";
    QS_ASSIGN(folder.folderFiles, folderFiles(input.model, additions(input)));
    return folder;
}

std::vector<Text> notes(const ExportInput &input)
{
    std::vector<Text> notes;
    const bool asymmetric = std::ranges::any_of(
        input.decisions, [](const Decision &decision) { return decision.quantize && decision.scheme.hasZeroPoints(); });
    if (asymmetric)
        notes.push_back(Text::of("zero points load in vLLM and transformers 4; transformers 5 refuses them"));
    return notes;
}

} // namespace

constinit const ExportFormat kCompressedTensorsFormat{
    .name = "compressed-tensors",
    .description =
        Text::constant("compressed-tensors: a folder of packed 8- or 4-bit weights; from Hugging Face models"),
    .suffixes = "",
    .suffix = "",
    .runtimes = Text::constant("vLLM, transformers"),
    .usage = "from transformers import AutoModelForCausalLM\nmodel = AutoModelForCausalLM.from_pretrained({})",
    .presets = {"convention=compressed-tensors,bits=8", "convention=compressed-tensors,bits=4,granularity=group:128"},
    .readable = true,
    .folder = true,
    .whyNot = whyNoHuggingFaceFolder,
    .container = folderContainer,
    .fit = fit,
    .together = splitSets,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
