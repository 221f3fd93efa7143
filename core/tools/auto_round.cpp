// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// AutoRound: layer_config, whose keys are whole names of modules. 16 bits leave a module in float.
#include "core/tools/linear_rules.h"
#include "core/tools/tools.h"

#include <fmt/format.h>

#include <array>

namespace qs {
namespace {

constexpr std::array kBits{2, 3, 4, 8};

/// -1 of one scale per channel, 0 of one per tensor.
std::string sizeText(const Scheme &scheme)
{
    return scheme.granularity.kind == Granularity::Kind::Tensor ? "0" : groupSizeText(scheme);
}

std::string entry(std::string_view module, const Scheme &scheme)
{
    return fmt::format("    {}: {{\"bits\": {}, \"group_size\": {}, \"sym\": {}}},\n", stringLiteral(module),
                       scheme.bits, sizeText(scheme), pythonBool(scheme.mode == Mode::Symmetric));
}

Result<std::string> write(RulesDraft &draft, const TaskContext & /*context*/)
{
    keepWhatDoesNotFit(draft, {.tool = "AutoRound", .bits = kBits, .tensors = true});
    keepOutsideOfBlocks(draft, "AutoRound");
    draft.remarkOnMethods();
    const auto usual = draft.mostCommon();
    if (!usual)
        return std::string();
    const Scheme &scheme = draft.scheme(*usual);
    std::string text = "from auto_round import AutoRound\n\nlayer_config = {\n";
    for (const std::size_t layer : draft.quantized())
        text += entry(draft.layer(layer).module, draft.scheme(layer));
    for (const std::string &module : keptModules(draft))
        text += fmt::format("    {}: {{\"bits\": 16}},\n", stringLiteral(module));
    return text + fmt::format("}}\n\n# AutoRound(model, tokenizer, bits={}, group_size={}, sym={}, "
                              "layer_config=layer_config)\n",
                              scheme.bits, sizeText(scheme), pythonBool(scheme.mode == Mode::Symmetric));
}

} // namespace

constinit const RuleTool kAutoRoundRules{
    .name = "auto-round",
    .description = Text::constant("AutoRound: layer_config (Python) with an entry for each module"),
    .suffix = ".py",
    .write = write,
};

} // namespace qs
