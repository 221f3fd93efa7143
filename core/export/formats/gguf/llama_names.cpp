// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/gguf/llama_names.h"

#include "core/base/text.h"
#include "core/export/formats/folders/hugging_face.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

namespace qs {

namespace {

/// A module of a block, or of the model.
struct Place {
    std::string_view theirs;
    std::string_view ours;
    GgufChange change = GgufChange::None; ///< of its weight, and of its bias where rows change
    bool leftOut = false;
};

constexpr auto kLlamaModel = std::to_array<Place>({
    {"model.embed_tokens", "token_embd"},
    {"model.norm", "output_norm"},
    {"lm_head", "output"},
});
constexpr auto kLlamaBlock = std::to_array<Place>({
    {"input_layernorm", "attn_norm"},
    {"post_attention_layernorm", "ffn_norm"},
    {"self_attn.q_proj", "attn_q"},
    {"self_attn.k_proj", "attn_k"},
    {"self_attn.v_proj", "attn_v"},
    {"self_attn.o_proj", "attn_output"},
    {"self_attn.q_norm", "attn_q_norm"},
    {"self_attn.k_norm", "attn_k_norm"},
    {"self_attn.qkv_proj", "attn_qkv"},
    {"mlp.gate_proj", "ffn_gate"},
    {"mlp.up_proj", "ffn_up"},
    {"mlp.gate_up_proj", "ffn_up"},
    {"mlp.down_proj", "ffn_down"},
    {"self_attn.rotary_emb.inv_freq", "", GgufChange::None, true},
});
constexpr auto kGpt2Model = std::to_array<Place>({
    {"wte", "token_embd"},
    {"wpe", "position_embd"},
    {"ln_f", "output_norm"},
    {"lm_head", "output"},
});
constexpr auto kGpt2Block = std::to_array<Place>({
    {"ln_1", "attn_norm"},
    {"ln_2", "ffn_norm"},
    {"attn.c_attn", "attn_qkv", GgufChange::Transposed},
    {"attn.c_proj", "attn_output", GgufChange::Transposed},
    {"mlp.c_fc", "ffn_up", GgufChange::Transposed},
    {"mlp.c_proj", "ffn_down", GgufChange::Transposed},
    {"attn", "", GgufChange::None, true}, // masks: attn.bias, attn.masked_bias
});

/// One `model_type`.
struct Row {
    std::string_view type;
    std::string_view architecture;
    bool isGpt2 = false;
    bool turnsHeads = false; ///< rotary pairs lie side by side
    bool plusOne = false;    ///< norms count from one
    bool headSizes = false;  ///< heads have a size of their own
    bool fused = false;      ///< phi3: sizes of the rotary part and of the original context are asked for
};
constexpr auto kRows = std::to_array<Row>({
    {.type = "llama", .architecture = "llama", .turnsHeads = true},
    {.type = "mistral", .architecture = "llama", .turnsHeads = true},
    {.type = "qwen2", .architecture = "qwen2"},
    {.type = "qwen3", .architecture = "qwen3", .headSizes = true},
    {.type = "gemma", .architecture = "gemma", .plusOne = true, .headSizes = true},
    {.type = "phi3", .architecture = "phi3", .fused = true},
    {.type = "gpt2", .architecture = "gpt2", .isGpt2 = true},
});

const Row &rowOf(std::string_view type)
{
    return *std::ranges::find(kRows, type, &Row::type);
}

std::string knownTypes()
{
    std::string names;
    for (const Row &row : kRows)
        names += (names.empty() ? "" : ", ") + std::string(row.type);
    return names;
}

/// "12" and "attn.c_attn.weight" of "h.12.attn.c_attn.weight" for the start "h.".
std::optional<std::pair<std::string_view, std::string_view>> blockPart(std::string_view name, std::string_view start)
{
    if (!name.starts_with(start))
        return std::nullopt;
    name.remove_prefix(start.size());
    const std::size_t dot = name.find('.');
    const bool isNumber = dot != std::string_view::npos && dot > 0 &&
                          std::ranges::all_of(name.substr(0, dot), [](char c) { return c >= '0' && c <= '9'; });
    if (!isNumber)
        return std::nullopt;
    return std::pair{name.substr(0, dot), name.substr(dot + 1)};
}

/// The place of a module, and what follows its name: ".weight".
std::optional<std::pair<Place, std::string_view>> placeOf(std::span<const Place> places, std::string_view name)
{
    for (const Place &place : places)
        if (name == place.theirs || (name.starts_with(place.theirs) && name[place.theirs.size()] == '.' &&
                                     name.find('.', place.theirs.size() + 1) == std::string_view::npos))
            return std::pair{place, name.substr(place.theirs.size())};
    return std::nullopt;
}

} // namespace

Result<GgufFamily> GgufFamily::of(const Model &model)
{
    GgufFamily family;
    QS_ASSIGN(family.m_config, configOf(model));
    const json::Value *type = family.m_config.find("model_type");
    const std::string name = type != nullptr && type->kind == json::Kind::String ? type->text : std::string();
    const auto row = std::ranges::find(kRows, name, &Row::type);
    if (row == kRows.end())
        return fail(ErrorCode::Work, Text::of("config.json says model_type {}; a GGUF file can be made of {}",
                                              inQuotes(name), knownTypes()));
    family.m_type = row->type;
    family.m_architecture = row->architecture;
    const json::Value *tied = family.m_config.find("tie_word_embeddings");
    family.m_tied = tied != nullptr ? tied->boolean : row->isGpt2 || row->plusOne;
    QS_CHECK(family.addNumbers());
    if (!row->isGpt2)
        QS_CHECK(family.addRotary());
    return family;
}

std::string GgufFamily::key(std::string_view end) const
{
    return fmt::format("{}.{}", m_architecture, end);
}

void GgufFamily::add(std::string_view end, std::uint64_t value)
{
    m_keys.add(key(end), static_cast<std::uint32_t>(value));
}

Result<std::uint64_t> GgufFamily::number(std::initializer_list<std::string_view> names) const
{
    for (const std::string_view name : names)
        if (const json::Value *value = m_config.find(name);
            value != nullptr && value->kind == json::Kind::Unsigned && value->number > 0 && value->number <= UINT32_MAX)
            return value->number;
    return fail(ErrorCode::Work, Text::of("config.json has no number {}", inQuotes(*names.begin())));
}

std::optional<double> GgufFamily::real(const json::Value &object, std::string_view name) const
{
    const json::Value *value = object.kind == json::Kind::Object ? object.find(name) : nullptr;
    if (value == nullptr)
        return std::nullopt;
    if (value->kind == json::Kind::Unsigned)
        return static_cast<double>(value->number);
    return value->kind == json::Kind::Float ? std::optional(value->real) : std::nullopt;
}

Result<void> GgufFamily::addNumbers()
{
    const Row &row = rowOf(m_type);
    QS_ASSIGN(const std::uint64_t context, number({"max_position_embeddings", "n_positions", "n_ctx"}));
    QS_ASSIGN(const std::uint64_t width, number({"hidden_size", "n_embd"}));
    QS_ASSIGN(const std::uint64_t blocks, number({"num_hidden_layers", "n_layer"}));
    QS_ASSIGN(m_heads, number({"num_attention_heads", "n_head"}));
    QS_ASSIGN(m_vocabulary, number({"vocab_size"}));
    const auto inner = number({"intermediate_size", "n_inner"});
    if (!inner && !row.isGpt2)
        return std::unexpected(inner.error());
    m_keyHeads = number({"num_key_value_heads"}).value_or(m_heads);
    if (width % m_heads != 0 && !m_config.find("head_dim"))
        return fail(ErrorCode::Work, Text::of("{} heads do not divide a width of {}", m_heads, width));
    m_headSize = number({"head_dim"}).value_or(width / m_heads);
    const auto epsilon = real(m_config, row.isGpt2 ? "layer_norm_epsilon" : "rms_norm_eps");
    add("context_length", context);
    add("embedding_length", width);
    add("block_count", blocks);
    add("feed_forward_length", inner.value_or(4 * width));
    add("attention.head_count", m_heads);
    add("attention.head_count_kv", m_keyHeads);
    m_keys.add(key(row.isGpt2 ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"),
               static_cast<float>(epsilon.value_or(row.isGpt2 ? 1e-5 : 1e-6)));
    if (row.headSizes || m_headSize * m_heads != width) {
        add("attention.key_length", m_headSize);
        add("attention.value_length", m_headSize);
    }
    add("vocab_size", m_vocabulary);
    return {};
}

/// Rotary embeddings: their base, and scaling where it is of a kind that needs no further tensor.
Result<void> GgufFamily::addRotary()
{
    const json::Value none;
    const json::Value *parameters = m_config.find("rope_parameters");
    const json::Value *scaling = m_config.find("rope_scaling");
    const json::Value &rope = parameters != nullptr ? *parameters : scaling != nullptr ? *scaling : none;
    const auto nested = real(rope, "rope_theta");
    const double base = nested ? *nested : real(m_config, "rope_theta").value_or(10000.0);
    m_keys.add(key("rope.freq_base"), static_cast<float>(base));
    const double part =
        real(m_config, "partial_rotary_factor").value_or(real(rope, "partial_rotary_factor").value_or(1));
    add("rope.dimension_count", static_cast<std::uint64_t>(part * static_cast<double>(m_headSize)));
    if (rowOf(m_type).fused) {
        QS_ASSIGN(const std::uint64_t context, number({"max_position_embeddings"}));
        add("rope.scaling.original_context_length", number({"original_max_position_embeddings"}).value_or(context));
    }
    std::string kind = "default";
    for (const char *name : {"rope_type", "type"})
        if (const json::Value *value = rope.kind == json::Kind::Object ? rope.find(name) : nullptr;
            value != nullptr && value->kind == json::Kind::String)
            kind = value->text;
    constexpr std::string_view kLinear{"linear"};
    if (kind == kLinear) {
        m_keys.add(key("rope.scaling.type"), kLinear);
        m_keys.add(key("rope.scaling.factor"), static_cast<float>(real(rope, "factor").value_or(1)));
    } else if (kind != std::string_view{"default"}) {
        return fail(ErrorCode::Work, Text::of("rotary embeddings of the type {} are not written, expected default or "
                                              "linear",
                                              inQuotes(kind)));
    }
    return {};
}

Result<GgufName> GgufFamily::nameOf(std::string_view tensor) const
{
    const Row &row = rowOf(m_type);
    std::string_view name = tensor;
    constexpr std::string_view kPrefix{"transformer."};
    if (row.isGpt2 && name.starts_with(kPrefix))
        name.remove_prefix(kPrefix.size());
    GgufName result;
    const auto block = blockPart(name, row.isGpt2 ? "h." : "model.layers.");
    const std::span<const Place> places = block ? (row.isGpt2 ? std::span<const Place>(kGpt2Block) : kLlamaBlock)
                                                : (row.isGpt2 ? std::span<const Place>(kGpt2Model) : kLlamaModel);
    const auto place = placeOf(places, block ? block->second : name);
    if (!place)
        return fail(ErrorCode::Work,
                    Text::of("llama.cpp has no place for it in a model of the type {}", m_architecture),
                    Text::of("tensor {}", inQuotes(tensor)));
    const std::string_view ours = place->first.ours;
    const bool isWeight = place->second == std::string_view{".weight"};
    result.leftOut = place->first.leftOut || (m_tied && ours == std::string_view{"output"});
    result.name = block ? fmt::format("blk.{}.{}{}", block->first, ours, place->second)
                        : fmt::format("{}{}", ours, place->second);
    result.staysFloat32 = ours == std::string_view{"position_embd"};
    result.change = isWeight ? place->first.change : GgufChange::None;
    const bool isQuery = ours == std::string_view{"attn_q"};
    if (row.turnsHeads && (isQuery || ours == std::string_view{"attn_k"})) {
        result.change = GgufChange::HeadRows;
        result.heads = isQuery ? m_heads : m_keyHeads;
    } else if (row.plusOne && ours.ends_with("norm")) {
        result.change = GgufChange::PlusOne;
    }
    return result;
}

} // namespace qs
