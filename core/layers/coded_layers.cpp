// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/coded_layers.h"

#include "core/base/text.h"
#include "core/layers/coded_bitsandbytes.h"
#include "core/layers/coded_floats.h"
#include "core/layers/coded_groups.h"
#include "core/layers/coded_integers.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace qs {
namespace {

using Names = std::array<std::string_view, 16>;
using Types = std::array<DType, 4>;
using enum DType;

constexpr Types kBytes{U8, U8, U8, U8};
constexpr Types kWords{I32, U32, I32, U32};
constexpr Types kFloat8{F8E4M3, F8E5M2, F8E4M3Fnuz, F8E5M2Fnuz};
constexpr Types kSigned{I8, I8, I8, I8};

/// One way to spell a quantized weight: names are PREFIX + suffix.
struct Spelling {
    std::string_view tool;
    std::string_view codes;  ///< suffix of the codes' name
    std::string_view weight; ///< suffix of the weight's name in a float file
    Types types;             ///< of the codes
    Names required;          ///< companions without which it is another spelling
    Types companion;         ///< types that the first of these may have; the codes' own types: any type
    Names optional;
    Result<CodedPlan> (*plan)(const CodedParts &parts);
    int bits; ///< shown where nothing is decoded
};

constexpr Types kAny{Encoded, Encoded, Encoded, Encoded};
constexpr Types kScaleBytes{F8E4M3, F8E8M0, U8, U8};
constexpr Types kFloats{F32, F16, BF16, F64};

constexpr std::string_view kPlainCodes = "int8"; // as many tools write them

// The first row that fits counts, so rows with more companions stand above those with fewer.
constexpr auto kSpellings = std::to_array<Spelling>({
    {"GPTQ or AWQ", ".qweight", ".weight", kWords, {".qzeros", ".scales"}, kAny, {".g_idx"}, planGptqOrAwq, 4},
    {"Marlin", ".B", ".weight", kWords, {".s"}, kFloats, {".workspace", ".reduce_buffer"}, planForOneKernel, 4},
    {"SqueezeLLM",
     ".qweight",
     ".weight",
     kWords,
     {".lookup_table"},
     kFloats,
     {".rows", ".cols", ".vals"},
     planCodebooks,
     4},
    {"Nunchaku",
     ".qweight",
     ".weight",
     kSigned,
     {".wscales"},
     kAny,
     {".wzeros", ".wtscale", ".wcscales", ".smooth_factor", ".smooth_factor_orig", ".proj_down", ".proj_up"},
     planForOneKernel,
     4},
    {"BitBLAS", ".qweight", ".weight", kSigned, {".scales"}, kFloats, {".zeros", ".qzeros"}, planForOneKernel, 4},
    {"GPTQ for Marlin", ".qweight", ".weight", kWords, {".scales"}, kFloats, {".g_idx"}, planForOneKernel, 4},
    {"ExLlamaV2",
     ".q_weight",
     ".weight",
     kWords,
     {".q_scale", ".q_groups"},
     kAny,
     {".q_scale_max", ".q_invperm", ".q_perm", ".q_group_map"},
     planForOneKernel,
     4},
    {"ExLlamaV3",
     ".trellis",
     ".weight",
     kAny,
     {".suh", ".svh"},
     kAny,
     {".su", ".sv", ".mcg", ".mul1"},
     planCodebooks,
     4},
    {"QTIP", ".trellis", ".weight", kAny, {".SU", ".SV"}, kAny, {".tlut", ".rcp", ".tp_rank"}, planCodebooks, 2},
    {"QuIP#",
     ".Qidxs",
     ".weight",
     kAny,
     {".SU", ".SV"},
     kAny,
     {".Wscale", ".codebook_id", ".fuse_scales"},
     planCodebooks,
     2},
    {"AQLM", ".codes", ".weight", kAny, {".codebooks", ".scales"}, kAny, {}, planCodebooks, 2},
    {"VPTQ",
     ".indices",
     ".weight",
     kAny,
     {".centroids"},
     kAny,
     {".weight_scale", ".weight_bias", ".perm", ".res_centroids", ".outlier_indices", ".outlier_centroids"},
     planCodebooks,
     2},
    {"SpQR", ".dense_weights", ".weight", kAny, {".row_offsets", ".col_vals"}, kAny, {".in_perm"}, planForOneKernel, 3},
    {"EETQ", ".weight", ".weight", kSigned, {".weight_scales"}, kFloats, {}, planForOneKernel, 8},
    {"bitsandbytes",
     ".weight",
     ".weight",
     kBytes,
     {".weight.absmax", ".weight.quant_map"},
     kAny,
     {".weight.quant_state.bitsandbytes__nf4", ".weight.quant_state.bitsandbytes__fp4", ".weight.nested_absmax",
      ".weight.nested_quant_map"},
     planBitsAndBytes4,
     4},
    {"LLM.int8", ".weight", ".weight", kSigned, {".SCB"}, kFloats, {".weight_format", ".CB"}, planLlmInt8, 8},
    {"gpt-oss", "_blocks", "", kBytes, {"_scales"}, kScaleBytes, {}, planBlocksOfExperts, 4},
    {"gpt-oss", ".blocks", "", kBytes, {".scales"}, kScaleBytes, {}, planBlocks, 4},
    {"compressed-tensors",
     ".weight_packed",
     ".weight",
     kBytes,
     {".weight_scale"},
     kScaleBytes,
     {".weight_global_scale", ".input_global_scale", ".input_scale"},
     planFloat4,
     4},
    {"ModelOpt",
     ".weight",
     ".weight",
     kBytes,
     {".weight_scale", ".weight_scale_2"},
     kScaleBytes,
     {".input_scale", ".comfy_quant", ".pre_quant_scale"},
     planFloat4,
     4},
    {"ModelOpt", "", "", kBytes, {"_scale", "_scale_2"}, kScaleBytes, {"_input_scale"}, planFloat4, 4},
    {"BitNet", ".weight", ".weight", kBytes, {".weight_scale"}, kFloats, {}, planBitNet, 2},
    {"Quark",
     ".weight",
     ".weight",
     kBytes,
     {".weight_scale"},
     kScaleBytes,
     {".input_scale", ".output_scale"},
     planFloat4,
     4},
    {"MXFP4", "", "", kBytes, {"_scale"}, kScaleBytes, {"_input_scale"}, planFloat4, 4},
    {"sparse compressed-tensors",
     ".compressed",
     "",
     kAny,
     {".bitmask"},
     kAny,
     {".shape", ".row_offsets"},
     planSparse,
     8},
    {"compressed-tensors for Marlin",
     ".weight_packed",
     ".weight",
     kWords,
     {".scale_packed"},
     kFloats,
     {".meta", ".zero_point_packed"},
     planForOneKernel,
     4},
    {"Quark",
     ".weight",
     ".weight",
     kWords,
     {".weight_scale"},
     kFloats,
     {".weight_zero_point", ".input_scale", ".output_scale"},
     planQuark,
     4},
    {"MLX", ".weight", ".weight", kWords, {".scales"}, kAny, {".biases"}, planMlx, 4},
    {"fp8",
     ".weight",
     ".weight",
     kFloat8,
     {".weight_scale_inv"},
     kAny,
     {".input_scale", ".activation_scale"},
     planFloat8,
     8},
    {"fp8",
     ".weight",
     ".weight",
     kFloat8,
     {".weight_scale"},
     kAny,
     {".input_scale", ".output_scale", ".input_scale_ub", ".comfy_quant", ".weight_zero_point"},
     planFloat8,
     8},
    {"ComfyUI",
     ".weight",
     ".weight",
     kFloat8,
     {".scale_weight"},
     kAny,
     {".scale_input", ".comfy_quant"},
     planFloat8,
     8},
    {"fp8", ".weight", ".weight", kFloat8, {".weight.scale"}, kAny, {}, planFloat8, 8},
    {"fp8", ".weight", ".weight", kFloat8, {".scale"}, kAny, {".input_scale"}, planFloat8, 8},
    {"fp8", ".weight", ".weight", kFloat8, {".scales"}, kAny, {}, planFloat8, 8},
    {"fp8", ".weight", ".weight", kFloat8, {".weight_scales"}, kAny, {".input_scale"}, planFloat8, 8},
    {"fp8", ".weight", ".weight", kFloat8, {".scale_inv"}, kAny, {".input_scale"}, planFloat8, 8},
    {"TensorRT-LLM",
     ".weight",
     ".weight",
     kFloat8,
     {".weights_scaling_factor"},
     kAny,
     {".activation_scaling_factor"},
     planFloat8,
     8},
    {"Mistral", ".weight", ".weight", kFloat8, {".qscale_weight"}, kAny, {".qscale_act"}, planFloat8, 8},
    {"fp8", "", "", kFloat8, {"_weight_scale_inv"}, kAny, {"_input_scale"}, planFloat8, 8},
    {"fp8", "", "", kFloat8, {"_weight_scale"}, kAny, {"_input_scale"}, planFloat8, 8},
    {"fp8", "", "", kFloat8, {"_scale_inv"}, kAny, {"_input_scale"}, planFloat8, 8},
    {"fp8", "", "", kFloat8, {"_scale"}, kAny, {"_input_scale"}, planFloat8, 8},
    {"HQQ",
     ".W_q",
     ".weight",
     kAny,
     {".scale", ".zero"},
     kFloats,
     {".shape", ".nbits", ".group_size", ".axis", ".packing", ".unpack_view_dtype", ".view_as_float", ".quant_scale",
      ".quant_zero", ".compute_dtype", ".offload_meta", ".encoded_state_dict", ".stores_quant_config", ".channel_wise",
      ".optimize", ".round_zero"},
     planHqq,
     4},
    {"optimum-quanto", "._data._data", "", kAny, {"._scale", "._shift"}, kAny, {}, planQuanto, 4},
    {"optimum-quanto", "._data", "", kAny, {"._scale"}, kAny, {"._shift"}, planQuanto, 8},
    {"torchao",
     "._weight_qdata",
     ".weight",
     kAny,
     {"._weight_scale"},
     kAny,
     {"._weight_zero_point", "._weight_act_pre_scale", "._weight_act_quant_scale", "._weight_act_quant_zero_point"},
     planTorchao,
     8},
    {"torchao", ".qdata", "", kAny, {".scale"}, kAny, {".zero_point", ".act_pre_scale"}, planTorchao, 8},
    {"torchao", "._weight_qdata", ".weight", kAny, {"._weight_scale_and_zero"}, kAny, {}, planForOneKernel, 4},
    {kPlainCodes, ".weight", ".weight", kSigned, {".weight.scale"}, kFloats, {".weight.zero_point"}, planTorchao, 8},
    {kPlainCodes, ".weight", ".weight", kSigned, {".qscale"}, kFloats, {}, planTorchao, 8},
    {"compressed-tensors",
     ".weight_packed",
     ".weight",
     kWords,
     {".weight_scale", ".weight_shape"},
     kFloats,
     {".weight_zero_point", ".weight_g_idx"},
     planPackedStream,
     4},
});

/// What is no number without its scale, whatever the scale is called.
constexpr Spelling kStrange{"a tool that is not known", "", "", kFloat8, {}, kAny, {}, nullptr, 8};

/// Module and last part of a name.
std::pair<std::string_view, std::string_view> partsOf(std::string_view name)
{
    const std::size_t end = name.find_last_of("./");
    return end == std::string_view::npos ? std::pair(std::string_view(), name)
                                         : std::pair(name.substr(0, end), name.substr(end + 1));
}

/// Scales of what is fed or comes out are there in files of floats, too.
bool isScaleOfWeight(std::string_view leaf)
{
    constexpr std::array<std::string_view, 8> kOthers{"input", "output", "act", "k_", "v_", "q_", "logit", "layer"};
    const bool isScale = leaf.find("scale") != std::string_view::npos || leaf.find("scaling") != std::string_view::npos;
    return isScale && std::ranges::none_of(kOthers, [&](std::string_view other) { return leaf.starts_with(other); });
}

bool allows(const Types &types, DType type)
{
    return types == kAny || std::ranges::find(types, type) != types.end();
}

bool hasCompanions(const Spelling &spelling, const CodedParts &parts)
{
    for (const std::string_view name : spelling.required)
        if (!name.empty() && !parts.find(name))
            return false;
    return allows(spelling.companion, parts.info(spelling.required[0])->dtype);
}

/// A weight that was found, before the model is changed.
struct Found {
    const Spelling *spelling;
    std::size_t codes;
    std::string name;
    std::vector<std::size_t> companions;
    Result<CodedPlan> plan;
};

class Finder
{
public:
    explicit Finder(Model &model)
        : m_model(model)
    {}

    bool run()
    {
        for (std::size_t i = 0; i < m_model.tensors.size(); ++i)
            if (m_model.tensors[i].encoding == nullptr && !m_model.roles.contains(i))
                find(i);
        findLeftovers();
        bool renamed = false;
        for (Found &found : m_found)
            renamed |= declare(found);
        addWarnings();
        return renamed;
    }

private:
    void find(std::size_t tensor)
    {
        const TensorInfo &info = m_model.tensors[tensor];
        for (const Spelling &spelling : kSpellings) {
            if (!allows(spelling.types, info.dtype) || !info.name.ends_with(spelling.codes))
                continue;
            std::string prefix = info.name.substr(0, info.name.size() - spelling.codes.size());
            CodedParts parts(m_model, tensor, prefix);
            if (!hasCompanions(spelling, parts))
                continue;
            // Of these declareCompressedTensors() knows most, and what is wrong with the others.
            const bool isLeft = spelling.plan == planPackedStream;
            Found found{&spelling, tensor, prefix + std::string(spelling.weight), {}, spelling.plan(parts)};
            if (isLeft && !found.plan)
                return;
            if (found.name != info.name && m_model.findTensor(found.name))
                found.plan = notUnderstood(Text::of("there is a tensor {}, too", inQuotes(found.name)));
            for (const Names *names : {&spelling.required, &spelling.optional})
                for (const std::string_view name : *names)
                    if (const auto part = name.empty() ? std::nullopt : parts.find(name))
                        found.companions.push_back(*part);
            m_found.push_back(std::move(found));
            return;
        }
        if (!allows(kFloat8, info.dtype) || info.shape.size() < 2)
            return;
        if (const auto scale = strangeScale(info.name))
            m_found.push_back({&kStrange,
                               tensor,
                               info.name,
                               {*scale},
                               notUnderstood(Text::of("{} looks like its scale, but this spelling is not known",
                                                      inQuotes(m_model.tensors[*scale].name)))});
    }

    /// A tensor beside the codes that calls itself a scale.
    std::optional<std::size_t> strangeScale(std::string_view name)
    {
        if (!m_scales) {
            m_scales.emplace();
            for (std::size_t i = 0; i < m_model.tensors.size(); ++i)
                if (const auto [module, leaf] = partsOf(m_model.tensors[i].name); isScaleOfWeight(leaf))
                    m_scales->emplace(module, i);
        }
        const auto [module, leaf] = partsOf(name);
        if (isScaleOfWeight(leaf))
            return std::nullopt;
        if (const auto inside = m_scales->find(name); inside != m_scales->end())
            return inside->second;
        const bool isOnlyOne = leaf == "weight" || leaf == "kernel";
        for (auto [at, end] = m_scales->equal_range(module); at != end; ++at)
            if (isOnlyOne || partsOf(m_model.tensors[at->second].name).second.starts_with(leaf))
                return at->second;
        return std::nullopt;
    }

    /// Tensors of two axes that are no weights: scales whose codes stand in another file, biases of stacks.
    void findLeftovers()
    {
        const auto exclude = [&](std::optional<std::size_t> tensor, const Text &reason) {
            if (tensor && m_model.tensors[*tensor].shape.size() > 1)
                m_model.roles.try_emplace(*tensor, TensorRole{.reason = reason, .layer = false});
        };
        const Text isBias = Text::of("it is the bias of a stack of weights");
        const Text isLeft = Text::of("it belongs to codes that are not in this file");
        for (const Found &found : m_found)
            exclude(m_model.findTensor(found.name + "_bias"), isBias);
        constexpr std::string_view kZeros = ".qzeros";
        for (const TensorInfo &info : m_model.tensors) {
            if (!info.name.ends_with(kZeros))
                continue;
            const std::string prefix = info.name.substr(0, info.name.size() - kZeros.size());
            if (!m_model.findTensor(prefix + ".qweight"))
                exclude(m_model.findTensor(prefix + ".scales"), isLeft);
        }
    }

    /// True when it renamed the tensor.
    bool declare(Found &found)
    {
        const std::string_view tool = found.spelling->tool;
        Text &reason = m_reasons[tool];
        if (reason.empty())
            reason = Text::of("as {} stores weights", tool);
        TensorInfo &info = m_model.tensors[found.codes];
        TensorRole role;
        if (found.plan) {
            role = applyPlan(m_model, found.codes, std::move(*found.plan));
            role.reason = reason;
            if (info.shape.size() > 2 && role.channelAxis > 0) { // a stack of matrices, no convolution
                role.op = Op::Linear;
                role.stackAxes = static_cast<std::uint8_t>(info.shape.size() - 2);
            }
        } else {
            const Text why = found.plan.error().sentence();
            Encoding &encoding = m_model.encodings.emplace_back();
            encoding.name = info.typeName();
            encoding.withoutValues = Text::of("codes of {} that are not decoded: {}", tool, why);
            info.inFile = std::make_shared<const TensorInfo>(info);
            info.dtype = Encoded;
            info.encoding = &encoding;
            role.stored.emplace().scheme.bits = found.spelling->bits;
            role.op = Op::Linear; // words of three axes are no kernels
            Failures &failures = m_failed[tool];
            if (failures.count++ == 0)
                failures.first = Text::of("{}: {}", inQuotes(info.name), why);
        }
        role.stored->tool = tool;
        role.stored->others = std::move(found.companions);
        m_model.roles[found.codes] = std::move(role);
        const bool renamed = found.plan && info.name != found.name;
        if (renamed)
            info.name = std::move(found.name);
        return renamed;
    }

    void addWarnings()
    {
        const auto configured = m_model.metadata.find("config.quantization");
        if (m_found.empty() && configured != m_model.metadata.end() &&
            !configured->second.starts_with("compressed-tensors"))
            m_model.warnings.push_back(Text::of("config.json says that weights are quantized already ({}), but the "
                                                "file holds no codes of a kind that is known",
                                                printable(configured->second)));
        for (const auto &[tool, failures] : m_failed)
            m_model.warnings.push_back(Text::of("{} weights that look quantized by {} are not decoded, the first is {}",
                                                failures.count, tool, failures.first));
    }

    struct Failures {
        std::size_t count = 0;
        Text first;
    };

    Model &m_model;
    std::vector<Found> m_found;
    std::optional<std::unordered_multimap<std::string_view, std::size_t>> m_scales; ///< by module
    std::map<std::string_view, Text> m_reasons; ///< of the channels' axis, shared by all weights of a tool
    std::map<std::string_view, Failures> m_failed;
};

} // namespace

bool declareCodedLayers(Model &model)
{
    return Finder(model).run();
}

} // namespace qs
