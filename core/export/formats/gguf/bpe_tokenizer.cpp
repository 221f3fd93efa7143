// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/gguf/bpe_tokenizer.h"

#include "core/parse/json_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>

#include <fmt/format.h>

namespace qs {

namespace {

/// How texts are cut before merges, by the name that llama.cpp has for it.
struct Splitting {
    std::string_view pattern; ///< empty: that of ByteLevel itself
    std::string_view name;
};
constexpr std::array<Splitting, 3> kSplittings{{
    {"", "gpt-2"},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     "llama-bpe"},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     "qwen2"},
}};

// Kinds of tokens.
constexpr std::int32_t kNormal = 1;
constexpr std::int32_t kControl = 3;
constexpr std::int32_t kUserDefined = 4;
constexpr std::int32_t kUnused = 5;

const json::Value *member(const json::Value *value, std::string_view name, json::Kind kind)
{
    const json::Value *found = value != nullptr && value->kind == json::Kind::Object ? value->find(name) : nullptr;
    return found != nullptr && found->kind == kind ? found : nullptr;
}

std::string_view typeOf(const json::Value &value)
{
    const json::Value *type = member(&value, "type", json::Kind::String);
    return type == nullptr ? std::string_view() : std::string_view(type->text);
}

/// The steps of a pre-tokenizer, one or several.
std::vector<const json::Value *> stepsOf(const json::Value &tokenizer)
{
    std::vector<const json::Value *> steps;
    const json::Value *all = member(&tokenizer, "pre_tokenizer", json::Kind::Object);
    if (const json::Value *list = member(all, "pretokenizers", json::Kind::Array))
        for (const json::Value &step : list->items)
            steps.push_back(&step);
    else if (all != nullptr)
        steps.push_back(all);
    return steps;
}

/// llama.cpp's name for how texts are cut; empty when it has none.
std::string_view splittingName(const json::Value &tokenizer)
{
    std::string pattern;
    bool byteLevel = false;
    bool ownPattern = false;
    for (const json::Value *step : stepsOf(tokenizer)) {
        if (typeOf(*step) == std::string_view{"ByteLevel"}) {
            byteLevel = true;
            const json::Value *regex = member(step, "use_regex", json::Kind::Bool);
            const json::Value *prefix = member(step, "add_prefix_space", json::Kind::Bool);
            ownPattern = regex == nullptr || regex->boolean;
            if (prefix != nullptr && prefix->boolean)
                return {};
        } else if (typeOf(*step) == std::string_view{"Split"} && pattern.empty()) {
            const json::Value *regex = member(member(step, "pattern", json::Kind::Object), "Regex", json::Kind::String);
            if (regex == nullptr)
                return {};
            pattern = regex->text;
        } else {
            return {};
        }
    }
    if (!byteLevel || ownPattern == !pattern.empty())
        return {};
    const auto found = std::ranges::find(kSplittings, pattern, &Splitting::pattern);
    return found == kSplittings.end() ? std::string_view() : found->name;
}

/// Texts and kinds of all tokens by their ids; ids that nobody has are unused.
struct Tokens {
    std::vector<std::string> texts;
    std::vector<std::int32_t> kinds;

    explicit Tokens(std::uint64_t count)
        : texts(count)
        , kinds(count, kUnused)
    {
        for (std::uint64_t i = 0; i < count; ++i)
            texts[i] = fmt::format("[PAD{}]", i);
    }
    bool set(const json::Value *id, const std::string &text, std::int32_t kind)
    {
        if (id == nullptr || id->kind != json::Kind::Unsigned || id->number >= texts.size())
            return false;
        texts[id->number] = text;
        kinds[id->number] = kind;
        return true;
    }
};

/// "a b" of each merge; texts or pairs of texts.
std::optional<std::vector<std::string>> mergesOf(const json::Value &list)
{
    std::vector<std::string> merges;
    for (const json::Value &merge : list.items) {
        if (merge.kind == json::Kind::String)
            merges.push_back(merge.text);
        else if (merge.items.size() == 2)
            merges.push_back(merge.items[0].text + ' ' + merge.items[1].text);
        else
            return std::nullopt;
    }
    return merges;
}

void addId(gguf::KeyWriter &keys, std::string_view key, const json::Value &config, std::string_view name)
{
    const json::Value *id = config.find(name);
    if (id != nullptr && id->kind == json::Kind::Array && !id->items.empty())
        id = &id->items.front();
    if (id != nullptr && id->kind == json::Kind::Unsigned)
        keys.add(key, static_cast<std::uint32_t>(id->number));
}

/// Whether the first token of a text is added when one is encoded.
bool addsFirst(const json::Value &tokenizer)
{
    const json::Value *post = member(&tokenizer, "post_processor", json::Kind::Object);
    if (post == nullptr)
        return false;
    const json::Value *steps = member(post, "processors", json::Kind::Array);
    const auto isTemplate = [](const json::Value &step) {
        return typeOf(step) == std::string_view{"TemplateProcessing"};
    };
    return isTemplate(*post) || (steps != nullptr && std::ranges::any_of(steps->items, isTemplate));
}

} // namespace

Text addBpeTokenizer(gguf::KeyWriter &keys, const std::filesystem::path &folder, std::uint64_t vocabulary,
                     const json::Value &config)
{
    std::error_code ignored;
    const std::filesystem::path path = folder / "tokenizer.json";
    if (!std::filesystem::exists(path, ignored))
        return Text::of("there is no tokenizer.json beside the model");
    const auto tokenizer = json::readObject(path);
    if (!tokenizer)
        return tokenizer.error().sentence();
    const json::Value *model = member(&*tokenizer, "model", json::Kind::Object);
    const json::Value *words = member(model, "vocab", json::Kind::Object);
    const json::Value *merges = member(model, "merges", json::Kind::Array);
    if (words == nullptr || merges == nullptr || typeOf(*model) != std::string_view{"BPE"})
        return Text::of("tokenizer.json is of another kind than byte-level BPE");
    const std::string_view splitting = splittingName(*tokenizer);
    if (splitting.empty())
        return Text::of("tokenizer.json cuts texts in a way that llama.cpp has no name for");
    Tokens tokens(vocabulary);
    bool fits = true;
    for (const json::Member &word : words->members)
        fits = tokens.set(&word.value, word.name, kNormal) && fits;
    if (const json::Value *added = member(&*tokenizer, "added_tokens", json::Kind::Array))
        for (const json::Value &token : added->items) {
            const json::Value *text = member(&token, "content", json::Kind::String);
            const json::Value *special = member(&token, "special", json::Kind::Bool);
            const bool isControl = special != nullptr && special->boolean;
            fits = text != nullptr && tokens.set(token.find("id"), text->text, isControl ? kControl : kUserDefined) &&
                   fits;
        }
    const auto pairs = mergesOf(*merges);
    if (!fits || !pairs)
        return Text::of("tokenizer.json has tokens beyond the {} of the model", vocabulary);
    keys.add("tokenizer.ggml.model", "gpt2");
    keys.add("tokenizer.ggml.pre", splitting);
    keys.add("tokenizer.ggml.tokens", std::span<const std::string>(tokens.texts));
    keys.add("tokenizer.ggml.token_type", std::span<const std::int32_t>(tokens.kinds));
    keys.add("tokenizer.ggml.merges", std::span<const std::string>(*pairs));
    addId(keys, "tokenizer.ggml.bos_token_id", config, "bos_token_id");
    addId(keys, "tokenizer.ggml.eos_token_id", config, "eos_token_id");
    keys.add("tokenizer.ggml.add_bos_token", addsFirst(*tokenizer));
    return {};
}

} // namespace qs
