// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// torchao: FqnToConfig, whose keys are whole names of modules. quantize_() leaves alone what no key names.
#include "core/tools/linear_rules.h"
#include "core/tools/tools.h"

#include <fmt/format.h>

#include <array>

namespace qs {
namespace {

constexpr std::array kBits{2, 3, 4, 5, 6, 7, 8};

std::string configText(const Scheme &scheme)
{
    const bool grouped = scheme.granularity.kind == Granularity::Kind::Group;
    const bool symmetric = scheme.mode == Mode::Symmetric;
    if (!grouped && symmetric && scheme.bits == 8)
        return "Int8WeightOnlyConfig()";
    return fmt::format("IntxWeightOnlyConfig(weight_dtype=torch.int{}, granularity={}, mapping_type=MappingType.{})",
                       scheme.bits, grouped ? fmt::format("PerGroup({})", scheme.granularity.groupSize) : "PerAxis(0)",
                       symmetric ? "SYMMETRIC" : "ASYMMETRIC");
}

Result<std::string> write(RulesDraft &draft, const TaskContext & /*context*/)
{
    keepWhatDoesNotFit(draft, {.tool = "torchao", .bits = kBits});
    draft.remarkOnMethods();
    std::string text = "import torch\n"
                       "from torchao.quantization import (\n"
                       "    FqnToConfig, Int8WeightOnlyConfig, IntxWeightOnlyConfig, MappingType, PerAxis, PerGroup, "
                       "quantize_)\n\n"
                       "config = FqnToConfig({\n";
    for (const std::size_t layer : draft.quantized())
        text += fmt::format("    {}: {},\n", stringLiteral(draft.layer(layer).module), configText(draft.scheme(layer)));
    return text + "})\n\n# quantize_(model, config, filter_fn=None)\n";
}

} // namespace

constinit const RuleTool kTorchaoRules{
    .name = "torchao",
    .description = Text::constant("torchao: FqnToConfig (Python) with a scheme for each module"),
    .suffix = ".py",
    .write = write,
};

} // namespace qs
