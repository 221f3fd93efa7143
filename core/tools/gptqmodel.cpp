// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// GPTQModel: "dynamic", whose keys are regular expressions that match from the first character of a module's name;
// "-:" leaves it out, "+:" changes the settings.
#include "core/tools/linear_rules.h"
#include "core/tools/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace qs {
namespace {

constexpr std::array kBits{2, 3, 4, 8};
constexpr std::array<std::uint32_t, 6> kGroups{16, 32, 64, 128, 256, 512};

std::string pattern(std::string_view sign, std::string_view module)
{
    return stringLiteral(fmt::format("{}^{}$", sign, escapedForRegex(module)));
}

Result<std::string> write(RulesDraft &draft, const TaskContext & /*context*/)
{
    keepWhatDoesNotFit(draft, {.tool = "GPTQModel", .bits = kBits, .groups = kGroups, .inputsOf = 32, .outputsOf = 32});
    keepOutsideOfBlocks(draft, "GPTQModel");
    draft.remarkOnMethods();
    const auto usual = draft.mostCommon();
    if (!usual)
        return std::string();
    const Scheme scheme = draft.scheme(*usual);
    std::string dynamic;
    for (const std::string &module : keptModules(draft))
        dynamic += fmt::format("        {}: {{}},\n", pattern("-:", module));
    bool head = false;
    for (const std::size_t layer : draft.quantized()) {
        const Scheme &own = draft.scheme(layer);
        head = head || draft.layer(layer).module == "lm_head";
        if (!sameForTools(own, scheme))
            dynamic += fmt::format("        {}: {{\"bits\": {}, \"group_size\": {}, \"sym\": {}}},\n",
                                   pattern("+:", draft.layer(layer).module), own.bits, groupSizeText(own),
                                   pythonBool(own.mode == Mode::Symmetric));
    }
    return fmt::format("from gptqmodel import QuantizeConfig\n\n"
                       "quantize_config = QuantizeConfig(\n    bits={},\n    group_size={},\n    sym={},\n    "
                       "lm_head={},\n    dynamic={{\n{}    }},\n)\n",
                       scheme.bits, groupSizeText(scheme), pythonBool(scheme.mode == Mode::Symmetric), pythonBool(head),
                       dynamic);
}

} // namespace

constinit const RuleTool kGptqModelRules{
    .name = "gptqmodel",
    .description = Text::constant("GPTQModel: QuantizeConfig (Python) with a dynamic entry for each other module"),
    .suffix = ".py",
    .write = write,
};

} // namespace qs
