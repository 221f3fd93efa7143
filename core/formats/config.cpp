// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/config.h"

#include "core/base/text.h"
#include "core/layers/roles.h"
#include "core/parse/json_file.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <system_error>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::size_t kMaxTextBytes = 256; // of a hint
constexpr std::string_view kUnnamed = "quantized";
constexpr std::array<std::string_view, 2> kOutputNames{"lm_head.weight", "output.weight"};
// Weights are compared in this many places and not as a whole: opening must not read them.
constexpr std::uint64_t kSamples = 64;
constexpr std::uint64_t kSampleBytes{4096};

/// A member of the object, or of its `text_config`, as models for pictures and text nest it.
const json::Value *memberOf(const json::Value &config, std::string_view name, json::Kind kind)
{
    const json::Value *nested = config.find("text_config");
    for (const json::Value *object : {&config, nested}) {
        if (object == nullptr || object->kind != json::Kind::Object)
            continue;
        if (const json::Value *value = object->find(name); value != nullptr && value->kind == kind)
            return value;
    }
    return nullptr;
}

void takeText(Model &model, const json::Value &config, const char *name)
{
    if (const json::Value *value = memberOf(config, name, json::Kind::String);
        value != nullptr && value->text.size() <= kMaxTextBytes)
        model.metadata[fmt::format("config.{}", name)] = value->text;
}

void takeNumber(Model &model, const json::Value &config, const char *name)
{
    if (const json::Value *value = memberOf(config, name, json::Kind::Unsigned))
        model.metadata[fmt::format("config.{}", name)] = std::to_string(value->number);
}

/// "gptq, 4 bits, groups of 128".
std::string describe(const json::Value &quantization)
{
    std::string text(kUnnamed);
    if (const json::Value *method = quantization.find("quant_method");
        method != nullptr && method->kind == json::Kind::String)
        text = method->text.substr(0, kMaxTextBytes);
    const auto number = [&](std::string_view key) -> const json::Value * {
        const json::Value *value = quantization.find(key);
        return value != nullptr && value->kind == json::Kind::Unsigned ? value : nullptr;
    };
    for (const char *key : {"bits", "w_bit", "num_bits"})
        if (const json::Value *bits = number(key)) {
            text += fmt::format(", {} bits", bits->number);
            break;
        }
    if (const json::Value *group = number("group_size"))
        text += fmt::format(", groups of {}", group->number);
    return text;
}

/// Layers that MLX quantized in another way than the rest, as config.json lists them by name.
void takeLayersOfTheirOwn(Model &model, const json::Value &quantization)
{
    constexpr std::size_t kMostLayers = 100'000;
    std::size_t count = 0;
    for (const auto &[layer, settings] : quantization.members) {
        if (settings.kind != json::Kind::Object || layer.size() > kMaxTextBytes || ++count > kMostLayers)
            continue;
        for (const auto &[key, value] : settings.members) {
            const json::Value *usual = quantization.find(key);
            const bool isNumber = (key == "bits" || key == "group_size") && value.kind == json::Kind::Unsigned;
            const bool isText = key == "mode" && value.kind == json::Kind::String && value.text.size() <= kMaxTextBytes;
            if ((isNumber && (usual == nullptr || usual->number != value.number)) ||
                (isText && (usual == nullptr || usual->text != value.text)))
                model.metadata[fmt::format("config.quantization.{}.{}", layer, key)] =
                    isText ? value.text : std::to_string(value.number);
        }
    }
}

/// What decoders of codes ask for becomes metadata below "config.quantization.".
void takeQuantization(Model &model, const json::Value &config)
{
    const json::Value *quantization = memberOf(config, "quantization_config", json::Kind::Object);
    const bool isMlx = quantization == nullptr;
    if (isMlx)
        quantization = memberOf(config, "quantization", json::Kind::Object);
    if (quantization == nullptr)
        return;
    model.metadata["config.quantization"] =
        isMlx ? "mlx" + describe(*quantization).substr(kUnnamed.size()) : describe(*quantization);
    for (const char *key : {"bits", "group_size", "checkpoint_format", "mode", "linear_class"}) {
        const json::Value *value = quantization->find(key);
        if (value != nullptr && value->kind == json::Kind::Unsigned)
            model.metadata[fmt::format("config.quantization.{}", key)] = std::to_string(value->number);
        else if (value != nullptr && value->kind == json::Kind::String && value->text.size() <= kMaxTextBytes)
            model.metadata[fmt::format("config.quantization.{}", key)] = value->text;
    }
    if (isMlx)
        takeLayersOfTheirOwn(model, *quantization);
}

bool looksEqual(const Model &model, std::size_t a, std::size_t b)
{
    const TensorView x = model.view(a);
    const TensorView y = model.view(b);
    if (x.info->dtype != y.info->dtype || x.info->shape != y.info->shape || x.info->strides != y.info->strides ||
        x.info->byteSize != y.info->byteSize)
        return false;
    const std::uint64_t size = std::min<std::uint64_t>(kSampleBytes, x.info->byteSize);
    const std::uint64_t last = x.info->byteSize - size;
    std::vector<std::byte> left(size);
    std::vector<std::byte> right(size);
    for (std::uint64_t i = 0; i < kSamples; ++i) {
        const std::uint64_t at = last / (kSamples - 1) * i;
        if (!x.read(at, left) || !y.read(at, right) || left != right)
            return false;
    }
    return true;
}

/// The output layer may be the embedding: as a copy, or not there at all.
void findTiedEmbedding(Model &model, const json::Value *tied)
{
    if (tied != nullptr && !tied->boolean)
        return;
    std::vector<std::size_t> byName(model.tensors.size());
    std::iota(byName.begin(), byName.end(), std::size_t{0});
    std::ranges::sort(byName, {}, [&](std::size_t i) -> std::string_view { return model.tensors[i].name; });
    const std::vector<NamedRole> roles = namedRoles(model.tensors, byName);
    std::optional<std::size_t> output;
    std::optional<std::size_t> embedding;
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        const TensorInfo &tensor = model.tensors[i];
        if (tensor.shape.size() != 2)
            continue;
        const bool isOutput = std::ranges::any_of(kOutputNames, [&](std::string_view name) {
            return tensor.name == name || tensor.name.ends_with(".lm_head.weight");
        });
        if (isOutput)
            output = i;
        else if (roles[i].role == Role::Embedding && tensor.name.find("position") == std::string::npos &&
                 !tensor.name.ends_with("wpe.weight") && !embedding)
            embedding = i;
    }
    if (!embedding)
        return;
    if (output && looksEqual(model, *output, *embedding))
        model.aliases.emplace(*output, *embedding);
    else if (!output && tied != nullptr && !model.roles.contains(*embedding))
        model.roles[*embedding] = {
            .op = Op::Embedding,
            .channelAxis = 0,
            .reason = Text::of("embeddings are stored one row per entry; this one is the output layer, too")};
}

} // namespace

void readSideFiles(Model &model)
{
    const std::filesystem::path path = model.path.parent_path() / "config.json";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return;
    const Result<json::Value> config = json::readObject(path);
    if (!config) {
        model.warnings.push_back(Text::of("the file beside the model is not used: {}", config.error().sentence()));
        return;
    }
    takeText(model, *config, "model_type");
    takeText(model, *config, "torch_dtype");
    takeNumber(model, *config, "num_attention_heads");
    takeNumber(model, *config, "num_key_value_heads");
    takeQuantization(model, *config);
    findTiedEmbedding(model, memberOf(*config, "tie_word_embeddings", json::Kind::Bool));
}

} // namespace qs
