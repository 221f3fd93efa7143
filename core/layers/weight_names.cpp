// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/weight_names.h"

#include "core/model/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>
#include <unordered_map>

namespace qs {
namespace {

enum class At : std::uint8_t {
    Front,  ///< first segments of the name
    Inside, ///< a segment anywhere
    End,    ///< last characters
};

struct Decoration {
    At at;
    std::string_view text;
};

/// What programs add to the name of a weight, with their separators.
constexpr auto kDecorations = std::to_array<Decoration>({
    // Wrappers of modules.
    {At::Front, "module."},
    {At::Front, "model."},
    {At::Front, "base_model.model."},
    {At::Front, "base_model."},
    {At::Front, "state_dict."},
    {At::Front, "model_state_dict."},
    {At::Inside, "_orig_mod."},
    {At::Inside, "_fsdp_wrapped_module."},
    {At::Inside, "_checkpoint_wrapped_module."},
    {At::Inside, "_forward_module."},
    {At::Inside, "base_layer."},
    // Operators in names of ONNX exports.
    {At::Inside, "MatMul."},
    {At::Inside, "MatMulNBits."},
    {At::Inside, "Gemm."},
    // Quantizers.
    {At::End, "._packed_params._packed_params"},
    {At::End, "._packed_params"},
    {At::End, "_packed_params"},
    {At::End, "_packed"},
    {At::End, ".qweight"},
    {At::End, "_quantized"},
    {At::End, "_DequantizeLinear"},
    {At::End, "_dequantized"},
    {At::End, "_QuantizeLinear"},
    {At::End, "_DQ"},
    {At::End, "_Q2"},
    {At::End, "_Q4"},
    {At::End, "_Q8"},
    {At::End, "_transposed"},
    {At::End, "_Transposed"},
    {At::End, "_transpose"},
    {At::End, "_merged"},
    {At::End, "_fp16"},
    {At::End, "_fp32"},
    {At::End, "_bf16"},
});

bool removeOne(std::string &name, const Decoration &decoration)
{
    const std::string_view text = decoration.text;
    if (name.size() <= text.size())
        return false;
    std::size_t at = 0;
    switch (decoration.at) {
    case At::Front:
        if (!name.starts_with(text))
            return false;
        break;
    case At::Inside:
        if (!name.starts_with(text)) {
            const std::string segment = fmt::format(".{}", text);
            at = name.find(segment);
            if (at == std::string::npos && name.ends_with(std::string_view(segment).substr(0, text.size())))
                at = name.size() - text.size(); // the last one, which no dot follows
            if (at == std::string::npos)
                return false;
        }
        break;
    case At::End:
        if (!name.ends_with(text))
            return false;
        at = name.size() - text.size();
        break;
    }
    name.erase(at, text.size());
    return true;
}

/// One place in a model, with all its spellings; '#' stands for the number of a block, '*' for that of an expert.
struct FamilyRow {
    std::string_view place; ///< as GGUF calls it
    std::string_view names; ///< as others do, without ".weight" and without the block's own name
};

/// Rows that stand first are surer: a name that fits two of them is tried with the first one.
constexpr auto kBlockRows = std::to_array<FamilyRow>({
    {"ffn_norm", "pre_feedforward_layernorm"},
    {"post_attention_norm", "post_attention_layernorm post_self_attn_layernorm"},
    {"post_ffw_norm", "post_feedforward_layernorm post_mlp_layernorm"},
    {"attn_norm", "input_layernorm ln_1 attention_norm norm_1 ln1 operator_norm"},
    {"ffn_norm", "post_attention_layernorm ln_2 norm_2 ln2 ffn_norm"},
    {"attn_qkv", "self_attn.qkv_proj attn.c_attn attention.query_key_value self_attention.query_key_value "
                 "attention.wqkv attn.Wqkv attn.qkv self_attn.W_pack"},
    {"attn_q", "self_attn.q_proj attention.wq attention.self.query attn.q_proj attn.q attention.q_proj"},
    {"attn_k", "self_attn.k_proj attention.wk attention.self.key attn.k_proj attn.k attention.k_proj"},
    {"attn_v", "self_attn.v_proj attention.wv attention.self.value attn.v_proj attn.v attention.v_proj"},
    {"attn_output", "self_attn.o_proj attention.wo attn.c_proj attention.dense self_attention.dense self_attn.dense "
                    "attention.output.dense attn.out_proj self_attn.out_proj attn.o_proj attention.o_proj attn.proj"},
    {"attn_q_norm", "self_attn.q_norm self_attn.q_layernorm attention.q_norm"},
    {"attn_k_norm", "self_attn.k_norm self_attn.k_layernorm attention.k_norm"},
    {"attn_output_norm", "attention.output.LayerNorm"},
    {"attn_sinks", "self_attn.sinks"},
    {"ffn_gate", "mlp.gate_proj feed_forward.w1 mlp.w1"},
    {"ffn_up", "mlp.up_proj feed_forward.w3 mlp.c_fc mlp.dense_h_to_4h intermediate.dense mlp.fc1 fc1 "
               "mlp.gate_up_proj mlp.w3"},
    {"ffn_down", "mlp.down_proj feed_forward.w2 mlp.c_proj mlp.dense_4h_to_h output.dense mlp.fc2 fc2 mlp.w2"},
    {"layer_output_norm", "output.LayerNorm"},
    {"ffn_gate_inp", "mlp.gate mlp.router block_sparse_moe.gate block_sparse_moe.router.layer feed_forward.gate"},
    {"ffn_gate_exps", "block_sparse_moe.experts.*.w1 mlp.experts.*.gate_proj feed_forward.cond_ffn.w1 "
                      "block_sparse_moe.experts.w1 mlp.experts.gate_proj"},
    {"ffn_up_exps", "block_sparse_moe.experts.*.w3 mlp.experts.*.up_proj feed_forward.cond_ffn.w3 "
                    "block_sparse_moe.experts.w3 mlp.experts.up_proj"},
    {"ffn_down_exps", "block_sparse_moe.experts.*.w2 mlp.experts.*.down_proj feed_forward.cond_ffn.w2 "
                      "block_sparse_moe.experts.w2 mlp.experts.down_proj"},
    {"ffn_gate_shexp", "mlp.shared_expert.gate_proj mlp.shared_experts.gate_proj"},
    {"ffn_up_shexp", "mlp.shared_expert.up_proj mlp.shared_experts.up_proj"},
    {"ffn_down_shexp", "mlp.shared_expert.down_proj mlp.shared_experts.down_proj"},
    {"ffn_gate_inp_shexp", "mlp.shared_expert_gate"},
});

constexpr auto kModelRows = std::to_array<FamilyRow>({
    {"token_embd", "embed_tokens wte word_embeddings embed_in embeddings.word_embeddings tok_embeddings shared "
                   "embeddings embedding"},
    {"token_embd_norm", "word_embeddings_layernorm embeddings.LayerNorm emb_ln"},
    {"token_types", "embeddings.token_type_embeddings"},
    {"position_embd", "wpe embeddings.position_embeddings embed_positions"},
    {"output", "lm_head embed_out head"},
    {"output_norm", "norm ln_f final_layer_norm final_layernorm norm_f"},
});

constexpr std::string_view kBlocks = "blk layers h blocks block encoder.layer decoder.layers decoder.block";
constexpr std::string_view kFamilyPrefixes =
    "transformer. gpt_neox. language_model. bert. roberta. backbone. text_model. model.";

struct FusedRow {
    std::string_view place;
    std::array<std::string_view, 3> parts; ///< an empty one is none
};

constexpr auto kFusedRows = std::to_array<FusedRow>({
    {"attn_qkv", {"attn_q", "attn_k", "attn_v"}},
    {"ffn_up", {"ffn_gate", "ffn_up", ""}},
});

auto words(std::string_view list)
{
    return std::views::split(list, ' ') |
           std::views::transform([](auto word) { return std::string_view(word.begin(), word.end()); });
}

/// Rows by spelling; rows of the whole model are counted behind those of blocks.
using Index = std::unordered_map<std::string_view, std::vector<std::size_t>>;

Index indexOf(std::span<const FamilyRow> rows, std::size_t firstRow)
{
    Index index;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        index[rows[i].place].push_back(firstRow + i);
        for (const std::string_view name : words(rows[i].names))
            if (name != rows[i].place)
                index[name].push_back(firstRow + i);
    }
    return index;
}

const FamilyRow &rowAt(std::size_t row)
{
    return row < kBlockRows.size() ? kBlockRows[row] : kModelRows[row - kBlockRows.size()];
}

std::optional<std::uint64_t> numberOf(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// Takes "layers.3." from the front of `name`; the number, if there is such a block.
std::optional<std::uint64_t> takeBlock(std::string_view &name)
{
    for (const std::string_view block : words(kBlocks)) {
        if (!name.starts_with(block) || name.size() <= block.size() || name[block.size()] != '.')
            continue;
        const std::string_view rest = name.substr(block.size() + 1);
        const std::size_t dot = rest.find('.');
        const auto number = dot == std::string_view::npos ? std::nullopt : numberOf(rest.substr(0, dot));
        if (!number)
            continue;
        name = rest.substr(dot + 1);
        return number;
    }
    return std::nullopt;
}

/// Puts '*' for the number of an expert.
std::optional<std::uint64_t> takeExpert(std::string &name)
{
    constexpr std::string_view kExperts = "experts.";
    const std::size_t at = name.find(kExperts);
    if (at == std::string::npos)
        return std::nullopt;
    const std::size_t first = at + kExperts.size();
    const std::size_t dot = name.find('.', first);
    if (dot == std::string::npos)
        return std::nullopt;
    const auto number = numberOf(std::string_view(name).substr(first, dot - first));
    if (number)
        name.replace(first, dot - first, "*");
    return number;
}

} // namespace

PlainName withoutDecorations(std::string_view name)
{
    PlainName plain{std::string(moduleName(name)), {}};
    for (bool again = true; again;) {
        again = false;
        for (const Decoration &decoration : kDecorations) {
            if (!removeOne(plain.name, decoration))
                continue;
            plain.name = moduleName(plain.name); // "fc.weight_quantized" ends in ".weight" only now
            plain.removed.push_back(decoration.text);
            again = true;
        }
    }
    return plain;
}

std::vector<FamilyName> familyNames(std::string_view name)
{
    static const Index blockIndex = indexOf(kBlockRows, 0);
    static const Index modelIndex = indexOf(kModelRows, kBlockRows.size());
    std::string_view leaf = "weight";
    std::string_view path = name;
    for (const std::string_view kind : {"weight", "bias"}) {
        if (name.size() > kind.size() && name.ends_with(kind) && name[name.size() - kind.size() - 1] == '.') {
            leaf = kind;
            path.remove_suffix(kind.size() + 1);
        }
    }
    std::string plain = withoutDecorations(path).name;
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view prefix : words(kFamilyPrefixes))
            if (plain.size() > prefix.size() && plain.starts_with(prefix)) {
                plain.erase(0, prefix.size());
                again = true;
            }
    }
    std::string_view rest = plain;
    const std::optional<std::uint64_t> block = takeBlock(rest);
    std::string place(rest);
    const std::optional<std::uint64_t> expert = block ? takeExpert(place) : std::nullopt;
    const Index &index = block ? blockIndex : modelIndex;
    std::vector<FamilyName> result;
    if (const auto found = index.find(place); found != index.end())
        for (const std::size_t row : found->second)
            result.push_back({row,
                              fmt::format("{} {}.{}", block ? fmt::format("{}", *block) : "-", rowAt(row).place, leaf),
                              expert});
    return result;
}

std::vector<FusedName> fusedNames(const FamilyName &name)
{
    const std::size_t space = name.key.find(' ');
    const std::size_t dot = name.key.rfind('.');
    const std::string_view key = name.key;
    const std::string_view place = key.substr(space + 1, dot - space - 1);
    std::vector<FusedName> result;
    for (const FusedRow &row : kFusedRows) {
        if (row.place != place)
            continue;
        FusedName &fused = result.emplace_back(FusedName{name.key, {}});
        for (const std::string_view part : row.parts)
            if (!part.empty())
                fused.parts.push_back(fmt::format("{}{}{}", key.substr(0, space + 1), part, key.substr(dot)));
    }
    return result;
}

bool hasRotatedRows(std::string_view key)
{
    return key.find(" attn_q.") != std::string_view::npos || key.find(" attn_k.") != std::string_view::npos;
}

bool isOutputName(const FamilyName &name)
{
    return name.key == "- output.weight";
}

bool isTokenName(const FamilyName &name)
{
    return name.key == "- token_embd.weight";
}

} // namespace qs
