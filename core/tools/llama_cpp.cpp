// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// llama.cpp: arguments of llama-quantize. Each --tensor-type is a regular expression that is searched in the names of
// the GGUF file, in lower case; the last one that is found wins.
#include "core/export/formats/gguf/gguf.h"
#include "core/export/formats/gguf/llama_names.h"
#include "core/tools/rules_draft.h"
#include "core/tools/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace qs {
namespace {

Text whyNot(const Model &model)
{
    return kGgufFormat.whyNot(model);
}

/// A name of the GGUF file as the tool compares it.
std::string pattern(std::string_view name)
{
    std::string text;
    for (const char c : escapedForRegex(name)) // what follows an '=' is the type, and a quote would end the argument
        text += c == '=' ? "\\x3d" : c == '\'' ? "\\x27" : std::string(1, c);
    return fmt::format("^{}$", text);
}

/// Names that the file has, by layer; those of layers that it has no place for are empty.
Result<std::vector<std::string>> namesOf(RulesDraft &draft)
{
    const Model &model = draft.model();
    std::vector<std::string> names;
    for (const Layer &layer : model.layers)
        names.push_back(layer.name);
    if (model.format.starts_with("GGUF"))
        return names;
    QS_ASSIGN(const GgufFamily family, GgufFamily::of(model));
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Result<GgufName> name = family.nameOf(names[i]);
        names[i] = name && !name->leftOut ? name->name : std::string();
        if (names[i].empty() && draft.quantizes(i))
            draft.keep(i, name ? Text::of("the GGUF file has no tensor of its own for it") : name.error().message);
    }
    return names;
}

void keepWhatHasNoType(RulesDraft &draft)
{
    for (const std::size_t layer : draft.quantized()) {
        Decision decision = draft.decision(layer);
        decision.scheme.scaleType = ScaleType::F32; // the blocks have their own
        const LayerFit fit = kGgufFormat.fit(draft.model(), layer, decision);
        const std::string &name = draft.layer(layer).name;
        if (!fit.decision.quantize)
            draft.keep(layer, fit.decision.reason);
        else if (!fit.refusals.empty())
            draft.keep(layer, fit.refusals.front().sentence());
        else if (std::ranges::any_of(name, [](unsigned char c) { return std::isupper(c) != 0; }) &&
                 draft.model().format.starts_with("GGUF"))
            draft.keep(layer, Text::of("llama-quantize compares names in lower case"));
    }
}

Result<std::string> write(RulesDraft &draft, const TaskContext & /*context*/)
{
    QS_ASSIGN(const std::vector<std::string> names, namesOf(draft));
    keepWhatHasNoType(draft);
    draft.remarkOnMethods();
    const auto usual = draft.mostCommon();
    if (!usual)
        return std::string();
    draft.note(Text::of("run it as: sh THIS_FILE IN.gguf OUT.gguf"));
    const bool again = std::ranges::any_of(draft.quantized(), [&](std::size_t layer) {
        return draft.model().tensorOf(draft.layer(layer)).encoding != nullptr;
    });
    std::string text{again ? "llama-quantize --allow-requantize \\\n" : "llama-quantize \\\n"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].empty())
            continue;
        const std::string_view type =
            draft.quantizes(i) ? ggufTypeOf(draft.scheme(i)) : draft.model().tensorOf(draft.layer(i)).typeName();
        text += fmt::format("  --tensor-type '{}={}' \\\n", pattern(names[i]), type);
    }
    std::string base(ggufTypeOf(draft.scheme(*usual)));
    std::ranges::transform(base, base.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text + fmt::format("  \"$1\" \"$2\" {}\n", base);
}

} // namespace

constinit const RuleTool kLlamaCppRules{
    .name = "llama.cpp",
    .description = Text::constant("llama.cpp: a llama-quantize command with the type of each tensor"),
    .suffix = ".sh",
    .whyNot = whyNot,
    .write = write,
};

} // namespace qs
