// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/folders/gptq.h"

#include "core/export/formats/folders/hugging_face.h"
#include "core/export/remedies.h"
#include "core/export/tool_codes.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <nlohmann/json.hpp>

namespace qs {

namespace {

constexpr std::array<int, 2> kGptqBits{4, 8};
constexpr std::array<int, 1> kAwqBits{4};
constexpr std::uint64_t kWordBits = 32;

/// Values are computed in half precision.
LayerFit inHalf(LayerFit fit)
{
    if (fit.decision.quantize)
        fit.decision.valuesAs = DType::F16;
    return fit;
}

LayerFit fitGptq(const Model &model, std::size_t layer, const Decision &decision)
{
    return inHalf(fitLinear(
        {.tool = "GPTQ", .bits = kGptqBits, .inputsOf = kWordBits, .outputsOf = kWordBits, .scales = ScaleType::F16},
        model, layer, decision));
}

LayerFit fitAwq(const Model &model, std::size_t layer, const Decision &decision)
{
    return inHalf(fitLinear({.tool = "AWQ",
                             .bits = kAwqBits,
                             .channels = false,
                             .inputsOf = kWordBits,
                             .outputsOf = kWordBits,
                             .scales = ScaleType::F16},
                            model, layer, decision));
}

/// The first quantized layer, whose scheme the whole file has.
const Decision *commonDecision(const ExportInput &input)
{
    const auto found = std::ranges::find_if(input.decisions, &Decision::quantize);
    return found == input.decisions.end() ? nullptr : &*found;
}

/// config.json has one scheme for all layers.
std::vector<LayerRefusal> together(const ExportInput &input)
{
    std::vector<LayerRefusal> refusals = splitSets(input);
    const Decision *common = commonDecision(input);
    for (std::size_t i = 0; i < input.decisions.size(); ++i) {
        const Scheme &scheme = input.decisions[i].scheme;
        if (!input.decisions[i].quantize || (scheme.bits == common->scheme.bits && scheme.mode == common->scheme.mode &&
                                             scheme.granularity == common->scheme.granularity))
            continue;
        const SchemePatch change{
            .mode = common->scheme.mode, .bits = common->scheme.bits, .granularity = common->scheme.granularity};
        refusals.push_back({i, helpedByScheme(Text::of("{} has one scheme for all layers: {}; layer {} is {}",
                                                       input.format.name, common->scheme.summary(),
                                                       inQuotes(input.model.layers[i].name), scheme.summary()),
                                              Text::of("use one scheme"), i, change)});
    }
    return refusals;
}

bool isSymmetric(const ExportInput &input)
{
    const Decision *common = commonDecision(input);
    return common == nullptr || !common->scheme.hasZeroPoints();
}

std::int64_t configuredGroup(const Scheme &scheme)
{
    return scheme.granularity.kind == Granularity::Kind::Group ? std::int64_t{scheme.granularity.groupSize} : -1;
}

/// Of gptqmodel: "-:" and a pattern for each module that stays in float, so that nobody looks for its codes.
nlohmann::ordered_json exceptions(const ExportInput &input)
{
    nlohmann::ordered_json dynamic = nlohmann::ordered_json::object();
    for (const std::string &module : floatModules(input)) {
        std::string pattern = "-:^";
        for (const char c : module)
            pattern += c == '.' ? std::string("\\.") : std::string(1, c);
        dynamic[pattern + "$"] = nlohmann::ordered_json::object();
    }
    return dynamic;
}

std::vector<std::string> quantizedModules(const ExportInput &input)
{
    std::vector<std::string> modules;
    for (std::size_t i = 0; i < input.decisions.size(); ++i)
        if (input.decisions[i].quantize)
            modules.push_back(linearModule(input.model.layers[i]));
    return modules;
}

nlohmann::ordered_json gptqConfig(const ExportInput &input)
{
    const Scheme scheme = commonDecision(input) ? commonDecision(input)->scheme : Scheme{};
    nlohmann::ordered_json config{{"quant_method", "gptq"},
                                  {"bits", scheme.bits},
                                  {"group_size", configuredGroup(scheme)},
                                  {"desc_act", false},
                                  {"sym", isSymmetric(input)},
                                  {"true_sequential", true},
                                  {"damp_percent", 0.01},
                                  {"lm_head", false},
                                  {"checkpoint_format", isSymmetric(input) ? "gptq" : "gptq_v2"}};
    const std::vector<std::string> inFloat = floatModules(input);
    const bool others = std::ranges::any_of(inFloat, [](const std::string &module) { return module != "lm_head"; });
    if (others) {
        // Transformers looks for the one, gptqmodel and vLLM for the other.
        config["modules_in_block_to_quantize"] = nlohmann::ordered_json::array({quantizedModules(input)});
        config["dynamic"] = exceptions(input);
    }
    return config;
}

/// Which group each input belongs to.
std::string groupIndex(std::uint64_t inputs, std::uint64_t groups)
{
    std::string bytes(inputs * sizeof(std::int32_t), '\0');
    for (std::uint64_t i = 0; i < inputs; ++i) {
        const auto group = static_cast<std::int32_t>(i / (inputs / groups));
        std::memcpy(bytes.data() + i * sizeof group, &group, sizeof group);
    }
    return bytes;
}

/// qweight, qzeros and scales of a layer [N, K], as the words of `producer` have them.
std::vector<OutputTensor> wordTensors(const ExportInput &input, std::size_t layer, WordOrder order,
                                      const std::shared_ptr<const Producer> &producer)
{
    const TensorInfo &tensor = input.model.tensorOf(input.model.layers[layer]);
    const std::uint64_t outputs = tensor.shape[0];
    const std::uint64_t inputs = tensor.shape[1];
    const std::uint64_t each = kWordBits / static_cast<unsigned>(input.decisions[layer].scheme.bits);
    const std::uint64_t groups = groupsOf(input, layer);
    const std::string module = linearModule(input.model.layers[layer]);
    std::vector<std::uint64_t> words{inputs, outputs / each};
    if (order == WordOrder::Gptq)
        words = {inputs / each, outputs};
    return {{module + ".qweight", DType::I32, words, producer, layer, 0, 0},
            {module + ".qzeros", DType::I32, {groups, outputs / each}, producer, layer, 2, 0},
            {module + ".scales", DType::F16, {groups, outputs}, producer, layer, 1, 0}};
}

Result<FileContents> gptqContents(const ExportInput &input)
{
    const auto producer =
        codesWithNumbers(input.model, input.decisions, wordCodes(input.model, input.decisions, WordOrder::Gptq),
                         {turnedScales, isSymmetric(input) ? zeroPointRowsLessOne : zeroPointRows});
    FileContents folder;
    QS_ASSIGN(folder.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  if (!input.decisions[layer].quantize)
                      return {};
                  std::vector<OutputTensor> tensors = wordTensors(input, layer, WordOrder::Gptq, producer);
                  const std::uint64_t inputs = input.model.tensorOf(input.model.layers[layer]).shape[1];
                  tensors.push_back({linearModule(input.model.layers[layer]) + ".g_idx",
                                     DType::I32,
                                     {inputs},
                                     fixedBytes(groupIndex(inputs, groupsOf(input, layer))),
                                     layer,
                                     0,
                                     0});
                  return tensors;
              }));
    folder.metadata["format"] = "pt";
    const nlohmann::ordered_json config = gptqConfig(input);
    QS_ASSIGN(folder.folderFiles,
              folderFiles(input.model, nlohmann::ordered_json{{"quantization_config", config}}.dump()));
    folder.folderFiles.push_back({"quantize_config.json", config.dump(2) + "\n"});
    return folder;
}

Result<FileContents> awqContents(const ExportInput &input)
{
    const auto producer =
        codesWithNumbers(input.model, input.decisions, wordCodes(input.model, input.decisions, WordOrder::Awq),
                         {turnedScales, awqZeroPointRows});
    FileContents folder;
    QS_ASSIGN(folder.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  if (!input.decisions[layer].quantize)
                      return {};
                  return wordTensors(input, layer, WordOrder::Awq, producer);
              }));
    folder.metadata["format"] = "pt";
    const Scheme scheme = commonDecision(input) ? commonDecision(input)->scheme : Scheme{};
    const nlohmann::ordered_json config{
        {"quant_method", "awq"}, {"bits", scheme.bits}, {"group_size", configuredGroup(scheme)},
        {"zero_point", true},    {"version", "gemm"},   {"modules_to_not_convert", floatModules(input)}};
    QS_ASSIGN(folder.folderFiles,
              folderFiles(input.model, nlohmann::ordered_json{{"quantization_config", config}}.dump()));
    return folder;
}

std::vector<Text> notes(const ExportInput & /*input*/)
{
    return {Text::of("kernels compute these layers in half precision")};
}

} // namespace

constinit const ExportFormat kGptqFormat{
    .name = "gptq",
    .description =
        Text::constant("GPTQ: a folder of 4- or 8-bit words as its kernels read them; from Hugging Face models"),
    .suffixes = "",
    .suffix = "",
    .runtimes = Text::constant("transformers with gptqmodel, vLLM"),
    .usage = "from transformers import AutoModelForCausalLM\nmodel = AutoModelForCausalLM.from_pretrained({})",
    .presets = {"bits=4,granularity=group:128", "bits=8,granularity=group:128"},
    .readable = true,
    .folder = true,
    .whyNot = whyNoHuggingFaceFolder,
    .container = folderContainer,
    .fit = fitGptq,
    .together = together,
    .contents = gptqContents,
    .notes = notes,
};

constinit const ExportFormat kAwqFormat{
    .name = "awq",
    .description =
        Text::constant("AWQ: a folder of 4-bit words in groups, as 'gemm' kernels read them; from Hugging Face models"),
    .suffixes = "",
    .suffix = "",
    .runtimes = Text::constant("transformers with gptqmodel, vLLM"),
    .usage = "from transformers import AutoModelForCausalLM\nmodel = AutoModelForCausalLM.from_pretrained({})",
    .presets = {"bits=4,mode=asymmetric,granularity=group:128"},
    .readable = true,
    .folder = true,
    .whyNot = whyNoHuggingFaceFolder,
    .container = folderContainer,
    .fit = fitAwq,
    .together = together,
    .contents = awqContents,
    .notes = notes,
};

} // namespace qs
