// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/families/encoder.h"

#include "core/network/families/parts.h"

#include <optional>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::int64_t kOpset = 24;

struct Sizes {
    std::uint64_t layers = 0;
    std::uint64_t hidden = 0;
    std::uint64_t heads = 0;
    std::uint64_t middle = 0;
    double epsilon = 0;
    std::string_view activation;
};

Result<Sizes> sizesOf(const FamilyConfig &config)
{
    Sizes sizes;
    QS_ASSIGN(sizes.layers, config.size({"num_hidden_layers", "n_layer"}));
    QS_ASSIGN(sizes.hidden, config.size({"hidden_size", "n_embd"}));
    QS_ASSIGN(sizes.heads, config.size({"num_attention_heads", "n_head"}));
    sizes.middle = config.sizeOr("intermediate_size", config.sizeOr("n_inner", 4 * sizes.hidden));
    sizes.epsilon = config.numberOr({"layer_norm_eps", "layer_norm_epsilon"}, 1e-5);
    sizes.activation = config.textOr({"hidden_act", "activation_function"}, "gelu");
    return sizes;
}

std::string prefixOf(const Model &model, std::string_view prefix, const std::string &tensor)
{
    return std::string(model.findTensor(tensor) ? std::string_view() : prefix);
}

/// Queries, keys and values [batch · steps, hidden] to [batch · steps, hidden].
GraphValue attend(TransformerParts &parts, std::span<const GraphValue> qkv, const Sizes &sizes, bool causal)
{
    const auto heads = static_cast<std::int64_t>(sizes.heads);
    const GraphValue seen =
        parts.graph().addNode("Attention", {parts.steps(qkv[0]), parts.steps(qkv[1]), parts.steps(qkv[2])},
                              {{"is_causal", std::int64_t{causal}}, {"kv_num_heads", heads}, {"q_num_heads", heads}});
    return parts.rows(seen, sizes.hidden);
}

/// Two linear layers with an activation between them.
Result<GraphValue> feedForward(TransformerParts &parts, GraphValue x, const std::string &first,
                               const std::string &second, const Sizes &sizes, WeightOrder order = WeightOrder::OutIn)
{
    QS_ASSIGN(const GraphValue wide, parts.linear(x, first, sizes.hidden, sizes.middle, order));
    QS_ASSIGN(const GraphValue active, parts.activate(wide, sizes.activation));
    return parts.linear(active, second, sizes.middle, sizes.hidden, order);
}

/// Queries, keys and values of three linear layers.
Result<GraphValue> attendApart(TransformerParts &parts, GraphValue x, const std::string &module, const Sizes &sizes)
{
    std::vector<GraphValue> qkv;
    for (const char *part : {"query", "key", "value"}) {
        QS_ASSIGN(const GraphValue value, parts.linear(x, module + part, sizes.hidden, sizes.hidden));
        qkv.push_back(value);
    }
    return attend(parts, qkv, sizes, false);
}

constexpr const char *kHidden = "last_hidden_state";
constexpr const char *kScores = "logits";

/// With one output for each step, called as transformers does.
Network finish(TransformerParts &parts, GraphValue x, const char *name)
{
    const GraphValue output = parts.steps(x, name);
    return parts.graph().finish(std::span(&output, 1));
}

/// What of the positions of tokens that stand for nothing RoBERTa leaves out: they keep the number of the padding.
GraphValue countTokens(TransformerParts &parts, GraphValue ids, std::int64_t padding)
{
    GraphBuilder &graph = parts.graph();
    const GraphValue isPadding = graph.addNode("Equal", {ids, graph.addInteger(padding)});
    const GraphValue counts = graph.addNode("Cast", {graph.addNode("Not", {isPadding})}, {{"to", std::int64_t{7}}});
    const GraphValue sums = graph.addNode("CumSum", {counts, graph.addInteger(1)});
    return graph.addNode("Add", {graph.addNode("Mul", {sums, counts}), graph.addInteger(padding)});
}

Result<GraphValue> bertLayer(TransformerParts &parts, GraphValue x, const std::string &module, const Sizes &sizes)
{
    QS_ASSIGN(const GraphValue seen, attendApart(parts, x, module + "attention.self.", sizes));
    QS_ASSIGN(const GraphValue mixed,
              parts.linear(seen, module + "attention.output.dense", sizes.hidden, sizes.hidden));
    QS_ASSIGN(x,
              parts.layerNorm(parts.add(x, mixed), module + "attention.output.LayerNorm", sizes.hidden, sizes.epsilon));
    QS_ASSIGN(const GraphValue made,
              feedForward(parts, x, module + "intermediate.dense", module + "output.dense", sizes));
    return parts.layerNorm(parts.add(x, made), module + "output.LayerNorm", sizes.hidden, sizes.epsilon);
}

Result<GraphValue> vitLayer(TransformerParts &parts, GraphValue x, const std::string &module, const Sizes &sizes)
{
    QS_ASSIGN(const GraphValue first, parts.layerNorm(x, module + "layernorm_before", sizes.hidden, sizes.epsilon));
    QS_ASSIGN(const GraphValue seen, attendApart(parts, first, module + "attention.attention.", sizes));
    QS_ASSIGN(const GraphValue mixed,
              parts.linear(seen, module + "attention.output.dense", sizes.hidden, sizes.hidden));
    x = parts.add(x, mixed);
    QS_ASSIGN(const GraphValue second, parts.layerNorm(x, module + "layernorm_after", sizes.hidden, sizes.epsilon));
    QS_ASSIGN(const GraphValue made,
              feedForward(parts, second, module + "intermediate.dense", module + "output.dense", sizes));
    return parts.add(x, made);
}

Result<GraphValue> gpt2Layer(TransformerParts &parts, GraphValue x, const std::string &module, const Sizes &sizes)
{
    constexpr auto kOrder = WeightOrder::InOut;
    const auto part = static_cast<std::int64_t>(sizes.hidden);
    QS_ASSIGN(const GraphValue first, parts.layerNorm(x, module + "ln_1", sizes.hidden, sizes.epsilon));
    QS_ASSIGN(const GraphValue all,
              parts.linear(first, module + "attn.c_attn", sizes.hidden, 3 * sizes.hidden, kOrder));
    const GraphValue seen = attend(parts, parts.split(all, {part, part, part}), sizes, true);
    QS_ASSIGN(const GraphValue mixed, parts.linear(seen, module + "attn.c_proj", sizes.hidden, sizes.hidden, kOrder));
    x = parts.add(x, mixed);
    QS_ASSIGN(const GraphValue second, parts.layerNorm(x, module + "ln_2", sizes.hidden, sizes.epsilon));
    QS_ASSIGN(const GraphValue made,
              feedForward(parts, second, module + "mlp.c_fc", module + "mlp.c_proj", sizes, kOrder));
    return parts.add(x, made);
}

/// Outputs of a linear layer of the checkpoint; empty without one of that name.
std::optional<std::uint64_t> outputsOf(const Model &model, const std::string &module)
{
    const auto tensor = model.findTensor(module + ".weight");
    return tensor && model.tensors[*tensor].shape.size() == 2 ? std::optional(model.tensors[*tensor].shape[0])
                                                              : std::nullopt;
}

/// The first step of each text or image: [batch · steps, hidden] to [batch, hidden].
GraphValue firstStep(TransformerParts &parts, GraphValue x)
{
    GraphBuilder &graph = parts.graph();
    return graph.addNode("Gather", {parts.steps(x), graph.addInteger(0)}, {{"axis", std::int64_t{1}}});
}

/// What a family calls the layers behind its hidden states.
struct HeadNames {
    std::string words; ///< scores of all words for each token: of dense, norm and decoder
    std::string norm;
    std::string decoder;
    std::string bias;
    std::string_view activation;
    std::string pooler; ///< of the first token, in front of its classes
    std::string classes;
};

HeadNames headNames(const TransformerParts &parts, const Family &family, const Sizes &sizes)
{
    if (family.type == "roberta")
        return {.words = "lm_head.dense",
                .norm = "lm_head.layer_norm",
                .decoder = "lm_head.decoder",
                .bias = "lm_head.bias",
                .activation = "gelu",
                .pooler = "classifier.dense",
                .classes = "classifier.out_proj"};
    return {.words = "cls.predictions.transform.dense",
            .norm = "cls.predictions.transform.LayerNorm",
            .decoder = "cls.predictions.decoder",
            .bias = "cls.predictions.bias",
            .activation = sizes.activation,
            .pooler = parts.name("pooler.dense"),
            .classes = "classifier"};
}

/// Scores of all words for each token.
Result<GraphValue> scoreWords(TransformerParts &parts, GraphValue x, const HeadNames &names, const Sizes &sizes,
                              std::uint64_t vocabulary)
{
    GraphBuilder &graph = parts.graph();
    TransformerParts outside(graph, "");
    QS_ASSIGN(x, outside.linear(x, names.words, sizes.hidden, sizes.hidden));
    QS_ASSIGN(x, outside.activate(x, names.activation));
    QS_ASSIGN(x, outside.layerNorm(x, names.norm, sizes.hidden, sizes.epsilon));
    const std::string own = names.decoder + ".weight";
    const std::string table = parts.name("embeddings.word_embeddings.weight");
    QS_ASSIGN(const GraphValue weights,
              graph.addTensor(graph.hasTensor(own) ? own : table, {vocabulary, sizes.hidden}));
    const std::string bias = graph.hasTensor(names.bias) ? names.bias : names.decoder + ".bias";
    QS_ASSIGN(const GraphValue offsets, graph.addTensor(bias, {vocabulary}));
    return graph.addNode("Gemm", {x, weights, offsets}, {{"transB", std::int64_t{1}}}, names.decoder);
}

/// What the checkpoint has behind the hidden states: scores of words, classes of the text or of each token, or nothing.
Result<Network> finishBert(TransformerParts &parts, GraphValue x, const Model &model, const HeadNames &names,
                           const Sizes &sizes, std::uint64_t vocabulary)
{
    TransformerParts outside(parts.graph(), "");
    if (parts.graph().hasTensor(names.words + ".weight")) {
        QS_ASSIGN(x, scoreWords(parts, x, names, sizes, vocabulary));
        return finish(parts, x, kScores);
    }
    const auto classes = outputsOf(model, names.classes);
    if (classes && parts.graph().hasTensor(names.pooler + ".weight")) {
        const GraphValue first = firstStep(parts, x);
        QS_ASSIGN(const GraphValue pooled, outside.linear(first, names.pooler, sizes.hidden, sizes.hidden));
        const GraphValue bounded = parts.graph().addNode("Tanh", {pooled});
        QS_ASSIGN(const GraphValue scores, outside.linear(bounded, names.classes, sizes.hidden, *classes));
        return parts.graph().finish(std::span(&scores, 1));
    }
    for (const char *module : {"classifier", "qa_outputs"})
        if (const auto each = outputsOf(model, module)) {
            QS_ASSIGN(x, outside.linear(x, module, sizes.hidden, *each));
            return finish(parts, x, kScores);
        }
    return finish(parts, x, kHidden);
}

/// [batch, channels, height, width] to [batch, patches + 1, hidden]: patches, with the class in front.
Result<GraphValue> embedPatches(TransformerParts &parts, const FamilyConfig &config, const Sizes &sizes)
{
    GraphBuilder &graph = parts.graph();
    const std::uint64_t side = config.sizeOr("image_size", 224);
    const std::uint64_t patch = config.sizeOr("patch_size", 16);
    const std::uint64_t channels = config.sizeOr("num_channels", 3);
    const std::uint64_t patches = side / patch * (side / patch);
    const GraphValue pixels = graph.addInput("pixel_values", DType::F32,
                                             {{.name = "batch"}, {.size = channels}, {.size = side}, {.size = side}});
    const std::string module = parts.name("embeddings.patch_embeddings.projection");
    QS_ASSIGN(const GraphValue weights, graph.addTensor(module + ".weight", {sizes.hidden, channels, patch, patch}));
    QS_ASSIGN(const GraphValue bias, graph.addTensor(module + ".bias", {sizes.hidden}));
    const auto step = static_cast<std::int64_t>(patch);
    const GraphValue image =
        graph.addNode("Conv", {pixels, weights, bias}, {{"strides", std::vector<std::int64_t>{step, step}}}, module);
    const GraphValue flat = graph.addNode("Reshape", {image, graph.addIntegers({0, 0, -1})}); // batch and hidden stay
    const GraphValue tokens = graph.addNode("Transpose", {flat}, {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
    QS_ASSIGN(const GraphValue first, graph.addTensor(parts.name("embeddings.cls_token"), {1, 1, sizes.hidden}));
    const GraphValue batch = graph.addNode("Shape", {pixels}, {{"start", std::int64_t{0}}, {"end", std::int64_t{1}}});
    const GraphValue shape =
        graph.addNode("Concat", {batch, graph.addIntegers({1, static_cast<std::int64_t>(sizes.hidden)})},
                      {{"axis", std::int64_t{0}}});
    const GraphValue all =
        graph.addNode("Concat", {graph.addNode("Expand", {first, shape}), tokens}, {{"axis", std::int64_t{1}}});
    QS_ASSIGN(const GraphValue places,
              graph.addTensor(parts.name("embeddings.position_embeddings"), {1, patches + 1, sizes.hidden}));
    return parts.add(all, places);
}

} // namespace

Result<Network> buildGpt2(const Model &model, const FamilyConfig &config, const Family & /*family*/)
{
    QS_ASSIGN(Sizes sizes, sizesOf(config));
    QS_ASSIGN(const std::uint64_t vocabulary, config.size({"vocab_size"}));
    QS_ASSIGN(const std::uint64_t places, config.size({"n_positions", "max_position_embeddings"}));
    sizes.activation = config.textOr({"activation_function"}, "gelu_new");
    GraphBuilder graph(model, kOpset);
    TransformerParts parts(graph, prefixOf(model, "transformer.", "wte.weight"));
    QS_ASSIGN(const GraphValue tokens, parts.embed(parts.addTokens(), "wte.weight", vocabulary, sizes.hidden));
    QS_ASSIGN(const GraphValue where, parts.embed(parts.positions(), "wpe.weight", places, sizes.hidden));
    GraphValue x = parts.rows(parts.add(tokens, where), sizes.hidden);
    for (std::uint64_t layer = 0; layer < sizes.layers; ++layer) {
        QS_ASSIGN(x, gpt2Layer(parts, x, fmt::format("h.{}.", layer), sizes));
    }
    QS_ASSIGN(x, parts.layerNorm(x, "ln_f", sizes.hidden, sizes.epsilon));
    const std::string own = "lm_head.weight";
    QS_ASSIGN(const GraphValue head,
              graph.addTensor(graph.hasTensor(own) ? own : parts.name("wte.weight"), {vocabulary, sizes.hidden}));
    return finish(parts, graph.addNode("Gemm", {x, head}, {{"transB", std::int64_t{1}}}, "lm_head"), kScores);
}

Result<Network> buildBert(const Model &model, const FamilyConfig &config, const Family &family)
{
    QS_ASSIGN(const Sizes sizes, sizesOf(config));
    QS_ASSIGN(const std::uint64_t vocabulary, config.size({"vocab_size"}));
    QS_ASSIGN(const std::uint64_t places, config.size({"max_position_embeddings"}));
    GraphBuilder graph(model, kOpset);
    TransformerParts parts(graph,
                           prefixOf(model, fmt::format("{}.", family.type), "embeddings.word_embeddings.weight"));
    const GraphValue ids = parts.addTokens();
    const GraphValue positions =
        family.type == "roberta"
            ? countTokens(parts, ids, static_cast<std::int64_t>(config.numberOr({"pad_token_id"}, 1)))
            : parts.positions();
    QS_ASSIGN(const GraphValue tokens, parts.embed(ids, "embeddings.word_embeddings.weight", vocabulary, sizes.hidden));
    QS_ASSIGN(const GraphValue kinds, parts.embed(graph.addInteger(0), "embeddings.token_type_embeddings.weight",
                                                  config.sizeOr("type_vocab_size", 2), sizes.hidden));
    QS_ASSIGN(const GraphValue where,
              parts.embed(positions, "embeddings.position_embeddings.weight", places, sizes.hidden));
    GraphValue x = parts.rows(parts.add(parts.add(tokens, kinds), where), sizes.hidden);
    QS_ASSIGN(x, parts.layerNorm(x, "embeddings.LayerNorm", sizes.hidden, sizes.epsilon));
    for (std::uint64_t layer = 0; layer < sizes.layers; ++layer) {
        QS_ASSIGN(x, bertLayer(parts, x, fmt::format("encoder.layer.{}.", layer), sizes));
    }
    return finishBert(parts, x, model, headNames(parts, family, sizes), sizes, vocabulary);
}

Result<Network> buildVit(const Model &model, const FamilyConfig &config, const Family & /*family*/)
{
    QS_ASSIGN(const Sizes sizes, sizesOf(config));
    GraphBuilder graph(model, kOpset);
    TransformerParts parts(graph, prefixOf(model, "vit.", "embeddings.cls_token"));
    QS_ASSIGN(GraphValue x, embedPatches(parts, config, sizes));
    parts.setSteps(x);
    x = parts.rows(x, sizes.hidden);
    for (std::uint64_t layer = 0; layer < sizes.layers; ++layer) {
        QS_ASSIGN(x, vitLayer(parts, x, fmt::format("encoder.layer.{}.", layer), sizes));
    }
    QS_ASSIGN(x, parts.layerNorm(x, "layernorm", sizes.hidden, sizes.epsilon));
    const auto count = outputsOf(model, "classifier");
    if (!count)
        return finish(parts, x, kHidden);
    TransformerParts outside(graph, "");
    QS_ASSIGN(const GraphValue classes, outside.linear(firstStep(parts, x), "classifier", sizes.hidden, *count));
    return graph.finish(std::span(&classes, 1));
}

} // namespace qs
