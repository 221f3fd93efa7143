// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/families/decoder.h"

#include "core/network/families/experts.h"
#include "core/network/families/parts.h"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::int64_t kOpset = 24;

/// Numbers of config.json.
struct Sizes {
    std::uint64_t layers = 0;
    std::uint64_t hidden = 0;
    std::uint64_t heads = 0;
    std::uint64_t keyHeads = 0;
    std::uint64_t head = 0; ///< of one head
    std::uint64_t middle = 0;
    std::uint64_t vocabulary = 0;
};

Result<Sizes> sizesOf(const FamilyConfig &config)
{
    Sizes sizes;
    QS_ASSIGN(sizes.layers, config.size({"num_hidden_layers"}));
    QS_ASSIGN(sizes.hidden, config.size({"hidden_size"}));
    QS_ASSIGN(sizes.heads, config.size({"num_attention_heads"}));
    sizes.keyHeads = config.sizeOr("num_key_value_heads", sizes.heads);
    sizes.head = config.sizeOr("head_dim", sizes.hidden / sizes.heads);
    QS_ASSIGN(sizes.middle, config.size({"intermediate_size"}));
    QS_ASSIGN(sizes.vocabulary, config.size({"vocab_size"}));
    if (sizes.head == 0 || sizes.heads % sizes.keyHeads != 0)
        return fail(ErrorCode::Input, Text::of("{} heads and {} heads of keys in config.json do not fit each other",
                                               sizes.heads, sizes.keyHeads));
    return sizes;
}

/// The rope_parameters of today, or the rope_scaling of before.
const json::Value *ropeOf(const FamilyConfig &config)
{
    for (const char *name : {"rope_parameters", "rope_scaling"})
        if (const json::Value *rope = config.find(name); rope != nullptr && rope->kind == json::Kind::Object)
            return rope;
    return nullptr;
}

/// Longer waves turn more slowly, short ones as before (Llama 3.1).
void stretchLongWaves(const FamilyConfig &rope, std::vector<float> &frequencies)
{
    const double factor = rope.numberOr({"factor"}, 1);
    const double low = rope.numberOr({"low_freq_factor"}, 1);
    const double high = rope.numberOr({"high_freq_factor"}, 4);
    const double context = rope.numberOr({"original_max_position_embeddings"}, 8192);
    for (float &frequency : frequencies) {
        const double wave = 2 * std::numbers::pi / static_cast<double>(frequency);
        const double smooth = std::clamp((context / wave - low) / (high - low), 0.0, 1.0);
        frequency = static_cast<float>(static_cast<double>(frequency) * ((1 - smooth) / factor + smooth));
    }
}

/// Radians per step of each pair of elements, as transformers computes them: in float32.
Result<std::vector<float>> frequenciesOf(const FamilyConfig &config, std::uint64_t pairs)
{
    const json::Value *const found = ropeOf(config);
    const json::Value none;
    const FamilyConfig rope(found != nullptr ? *found : none);
    const std::string_view type = rope.textOr({"rope_type", "type"}, "default");
    const auto theta = static_cast<float>(rope.numberOr({"rope_theta"}, config.numberOr({"rope_theta"}, 10000)));
    std::vector<float> frequencies;
    for (std::uint64_t i = 0; i < pairs; ++i)
        frequencies.push_back(1 / std::pow(theta, static_cast<float>(2 * i) / static_cast<float>(2 * pairs)));
    if (type == "linear")
        for (float &frequency : frequencies)
            frequency /= static_cast<float>(rope.numberOr({"factor"}, 1));
    else if (type == "llama3")
        stretchLongWaves(rope, frequencies);
    else if (type != "default")
        return fail(ErrorCode::Input, Text::of("rope type {} is not supported", inQuotes(type)));
    return frequencies;
}

class DecoderWriter
{
public:
    DecoderWriter(const Model &model, const FamilyConfig &config, const Family &family, const Sizes &sizes)
        : m_config(config)
        , m_family(family)
        , m_sizes(sizes)
        , m_graph(model, kOpset)
        , m_parts(m_graph, model.findTensor("model.embed_tokens.weight") ? "model." : "")
        , m_epsilon(static_cast<float>(config.numberOr({"rms_norm_eps"}, 1e-6)))
    {}

    Result<Network> write()
    {
        const GraphValue ids = m_parts.addTokens();
        QS_ASSIGN(GraphValue x, m_parts.embed(ids, "embed_tokens.weight", m_sizes.vocabulary, m_sizes.hidden));
        if (m_family.scalesEmbedding)
            x = m_graph.addNode("Mul", {x, m_graph.addFloat(std::sqrt(static_cast<float>(m_sizes.hidden)))});
        x = m_parts.rows(x, m_sizes.hidden);
        QS_CHECK(addRotation(ids));
        if (!m_family.experts.block.empty()) {
            QS_ASSIGN(m_experts, expertSizes(m_config, m_family.experts, m_sizes.hidden));
        }
        for (std::uint64_t layer = 0; layer < m_sizes.layers; ++layer) {
            QS_ASSIGN(x, addLayer(x, layer));
        }
        QS_ASSIGN(x, norm(x, "norm", m_sizes.hidden));
        QS_ASSIGN(const GraphValue scores, addHead(x));
        const GraphValue output = m_parts.steps(scores, scores == x ? "last_hidden_state" : "logits");
        return m_graph.finish(std::span(&output, 1));
    }

private:
    /// Angles of all steps; and which step sees which, where a window slides.
    Result<void> addRotation(GraphValue ids)
    {
        const double share = rotatedShare();
        const auto pairs = static_cast<std::uint64_t>(static_cast<double>(m_sizes.head) * share) / 2;
        QS_ASSIGN(const std::vector<float> frequencies, frequenciesOf(m_config, pairs));
        m_rotated = static_cast<std::int64_t>(2 * pairs);
        const GraphValue positions = m_parts.positions();
        const GraphValue column = m_graph.addNode("Unsqueeze", {positions, m_graph.addIntegers({1})});
        const GraphValue numbers = m_graph.addNode("Cast", {column}, {{"to", std::int64_t{1}}});
        const GraphValue angles = m_graph.addNode("Mul", {numbers, m_graph.addFloats(frequencies)});
        m_cosines = m_graph.addNode("Cos", {angles});
        m_sines = m_graph.addNode("Sin", {angles});
        m_places = m_graph.addNode("Expand", {positions, m_graph.addNode("Shape", {ids})});
        if (const std::uint64_t window = windowSize(); window != 0) {
            const GraphValue distance = m_graph.addNode("Sub", {column, positions});
            m_window = m_graph.addNode("Less", {distance, m_graph.addInteger(static_cast<std::int64_t>(window))});
        }
        return {};
    }

    double rotatedShare() const
    {
        const json::Value *const rope = ropeOf(m_config);
        const double share = m_config.numberOr({"partial_rotary_factor"}, 1);
        return std::clamp(rope != nullptr ? FamilyConfig(*rope).numberOr({"partial_rotary_factor"}, share) : share, 0.0,
                          1.0);
    }

    std::uint64_t windowSize() const
    {
        if (m_family.windowIsOptional && !m_config.flagOr("use_sliding_window", false))
            return 0;
        return m_config.sizeOr("sliding_window", 0);
    }

    /// Where config.json says so layer by layer; else all have a window or none.
    bool hasWindow(std::uint64_t layer) const
    {
        const json::Value *types = m_config.find("layer_types");
        if (types == nullptr || types->kind != json::Kind::Array || layer >= types->items.size())
            return true;
        return types->items[layer].text == "sliding_attention";
    }

    Result<GraphValue> norm(GraphValue x, const std::string &module, std::uint64_t size)
    {
        const std::string name = m_parts.name(module);
        QS_ASSIGN(GraphValue scale, m_graph.addTensor(name + ".weight", {size}));
        if (m_family.onePlusWeight)
            scale = m_graph.addNode("Add", {scale, m_graph.addFloat(1)});
        return m_graph.addNode("RMSNormalization", {x, scale}, {{"epsilon", m_epsilon}}, name);
    }

    /// Heads [batch, steps, heads · size], each normed where the family does so, and turned by their steps.
    Result<GraphValue> turn(GraphValue x, std::uint64_t heads, const std::string &normModule)
    {
        if (m_family.normsHeads) {
            QS_ASSIGN(x, norm(m_parts.rows(x, m_sizes.head), normModule, m_sizes.head));
        }
        return m_graph.addNode("RotaryEmbedding", {m_parts.steps(x), m_cosines, m_sines, m_places},
                               {{"num_heads", static_cast<std::int64_t>(heads)}, {"rotary_embedding_dim", m_rotated}});
    }

    Result<std::vector<GraphValue>> project(GraphValue x, const std::string &module)
    {
        const std::uint64_t wide = m_sizes.heads * m_sizes.head;
        const std::uint64_t narrow = m_sizes.keyHeads * m_sizes.head;
        if (m_family.fused) {
            QS_ASSIGN(const GraphValue all, m_parts.linear(x, module + "qkv_proj", m_sizes.hidden, wide + 2 * narrow));
            const auto part = static_cast<std::int64_t>(narrow);
            return m_parts.split(all, {static_cast<std::int64_t>(wide), part, part});
        }
        QS_ASSIGN(const GraphValue q, m_parts.linear(x, module + "q_proj", m_sizes.hidden, wide));
        QS_ASSIGN(const GraphValue k, m_parts.linear(x, module + "k_proj", m_sizes.hidden, narrow));
        QS_ASSIGN(const GraphValue v, m_parts.linear(x, module + "v_proj", m_sizes.hidden, narrow));
        return std::vector<GraphValue>{q, k, v};
    }

    Result<GraphValue> attend(GraphValue x, const std::string &module, bool window)
    {
        QS_ASSIGN(std::vector<GraphValue> parts, project(x, module));
        QS_ASSIGN(parts[0], turn(parts[0], m_sizes.heads, module + "q_norm"));
        QS_ASSIGN(parts[1], turn(parts[1], m_sizes.keyHeads, module + "k_norm"));
        parts[2] = m_parts.steps(parts[2]);
        if (window && m_window != kAbsent)
            parts.push_back(m_window);
        const GraphValue seen = m_graph.addNode("Attention", std::move(parts),
                                                {{"is_causal", std::int64_t{1}},
                                                 {"kv_num_heads", static_cast<std::int64_t>(m_sizes.keyHeads)},
                                                 {"q_num_heads", static_cast<std::int64_t>(m_sizes.heads)}});
        const std::uint64_t wide = m_sizes.heads * m_sizes.head;
        return m_parts.linear(m_parts.rows(seen, wide), module + "o_proj", wide, m_sizes.hidden);
    }

    std::string_view activation() const { return m_config.textOr({"hidden_activation", "hidden_act"}, "silu"); }

    Result<GraphValue> feedForward(GraphValue x, const std::string &module)
    {
        GraphValue gate = 0;
        GraphValue up = 0;
        if (m_family.fused) {
            QS_ASSIGN(const GraphValue both,
                      m_parts.linear(x, module + "gate_up_proj", m_sizes.hidden, 2 * m_sizes.middle));
            const auto half = static_cast<std::int64_t>(m_sizes.middle);
            const auto parts = m_parts.split(both, {half, half});
            gate = parts[0];
            up = parts[1];
        } else {
            QS_ASSIGN(gate, m_parts.linear(x, module + "gate_proj", m_sizes.hidden, m_sizes.middle));
            QS_ASSIGN(up, m_parts.linear(x, module + "up_proj", m_sizes.hidden, m_sizes.middle));
        }
        QS_ASSIGN(gate, m_parts.activate(gate, activation()));
        return m_parts.linear(m_graph.addNode("Mul", {gate, up}), module + "down_proj", m_sizes.middle, m_sizes.hidden);
    }

    Result<GraphValue> addLayer(GraphValue x, std::uint64_t layer)
    {
        const std::string module = fmt::format("layers.{}.", layer);
        QS_ASSIGN(const GraphValue first, norm(x, module + "input_layernorm", m_sizes.hidden));
        QS_ASSIGN(const GraphValue seen, attend(first, module + "self_attn.", hasWindow(layer)));
        x = m_parts.add(x, seen);
        QS_ASSIGN(const GraphValue second, norm(x, module + "post_attention_layernorm", m_sizes.hidden));
        const bool mixes = !m_family.experts.block.empty() && hasExperts(m_config, layer);
        QS_ASSIGN(const GraphValue made,
                  mixes ? mixExperts(m_parts, second, module, m_family.experts, m_experts, activation())
                        : feedForward(second, module + "mlp."));
        return m_parts.add(x, made);
    }

    /// The output layer, which may be the embedding; without one the hidden states are the output.
    Result<GraphValue> addHead(GraphValue x)
    {
        std::string table = "lm_head.weight";
        if (!m_graph.hasTensor(table)) {
            if (m_parts.name("").empty())
                return x;
            table = m_parts.name("embed_tokens.weight");
        }
        QS_ASSIGN(const GraphValue weights, m_graph.addTensor(table, {m_sizes.vocabulary, m_sizes.hidden}));
        return m_graph.addNode("Gemm", {x, weights}, {{"transB", std::int64_t{1}}}, "lm_head");
    }

    const FamilyConfig &m_config;
    const Family &m_family;
    const Sizes m_sizes;
    ExpertSizes m_experts;
    GraphBuilder m_graph;
    TransformerParts m_parts;
    const float m_epsilon;
    std::int64_t m_rotated = 0;
    GraphValue m_cosines = kAbsent;
    GraphValue m_sines = kAbsent;
    GraphValue m_places = kAbsent;
    GraphValue m_window = kAbsent;
};

} // namespace

Result<Network> buildDecoder(const Model &model, const FamilyConfig &config, const Family &family)
{
    QS_ASSIGN(const Sizes sizes, sizesOf(config));
    return DecoderWriter(model, config, family, sizes).write();
}

} // namespace qs
