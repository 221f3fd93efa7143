// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// llm-compressor: a recipe whose targets and ignore list are names of modules, as compressed-tensors matches them: the
// whole name, unless it begins with "re:".
#include "core/tools/linear_rules.h"
#include "core/tools/tools.h"

#include <fmt/format.h>

#include <array>

namespace qs {
namespace {

constexpr std::array kBits{2, 3, 4, 5, 6, 7, 8};

std::string_view strategyOf(const Scheme &scheme)
{
    switch (scheme.granularity.kind) {
    case Granularity::Kind::Tensor:
        return "tensor";
    case Granularity::Kind::Channel:
        return "channel";
    case Granularity::Kind::Group:
        break;
    }
    return "group";
}

bool isSearched(const Scheme &scheme)
{
    return scheme.range == RangeMethod::mseLlmCompressor();
}

std::string weightsText(const Scheme &scheme)
{
    std::string text = fmt::format("          weights:\n            num_bits: {}\n            type: int\n"
                                   "            symmetric: {}\n            strategy: {}\n",
                                   scheme.bits, scheme.mode == Mode::Symmetric, strategyOf(scheme));
    if (scheme.granularity.kind == Granularity::Kind::Group)
        text += fmt::format("            group_size: {}\n", scheme.granularity.groupSize);
    if (isSearched(scheme))
        text += "            observer: mse\n";
    return text;
}

Result<std::string> write(RulesDraft &draft, const TaskContext & /*context*/)
{
    keepWhatDoesNotFit(draft, {.tool = "llm-compressor", .bits = kBits, .tensors = true});
    draft.remarkOnMethods(RangeMethod::mseLlmCompressor());
    std::string text = "default_stage:\n  default_modifiers:\n    QuantizationModifier:\n      ignore:\n";
    for (const std::string &module : keptModules(draft))
        text += fmt::format("        - {}\n", stringLiteral(module));
    text += "      config_groups:\n";
    std::vector<std::size_t> rest = draft.quantized();
    for (int group = 0; !rest.empty(); ++group) {
        const Scheme scheme = draft.scheme(rest.front());
        text += fmt::format("        group_{}:\n          targets:\n", group);
        std::erase_if(rest, [&](std::size_t layer) {
            const bool isIn =
                sameForTools(draft.scheme(layer), scheme) && isSearched(draft.scheme(layer)) == isSearched(scheme);
            if (isIn)
                text += fmt::format("            - {}\n", stringLiteral(draft.layer(layer).module));
            return isIn;
        });
        text += weightsText(scheme);
    }
    return text;
}

} // namespace

constinit const RuleTool kLlmCompressorRules{
    .name = "llm-compressor",
    .description = Text::constant("llm-compressor: a recipe (YAML) with targets and a complete ignore list"),
    .suffix = ".yaml",
    .write = write,
};

} // namespace qs
