// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// mlx-lm: a predicate for convert(). It is asked about each module that can be quantized, by its whole path.
#include "core/tools/linear_rules.h"
#include "core/tools/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace qs {
namespace {

constexpr std::array kBits{4, 2, 3, 5, 6, 8};
constexpr std::array<std::uint32_t, 3> kGroups{32, 64, 128};

Result<std::string> write(RulesDraft &draft, const TaskContext & /*context*/)
{
    keepWhatDoesNotFit(
        draft,
        {.tool = "MLX", .bits = kBits, .groups = kGroups, .channels = false, .offsets = true, .embeddings = true});
    draft.remarkOnMethods();
    std::string layers;
    std::uint32_t least = kGroups.back();
    int bits = 0;
    for (const std::size_t layer : draft.quantized()) {
        const Scheme &scheme = draft.scheme(layer);
        if (scheme.mode == Mode::Symmetric)
            draft.remark(layer, Text::of("MLX gives each group an offset, so its codes are not symmetric"));
        layers += fmt::format("    {}: {{\"group_size\": {}, \"bits\": {}}},\n",
                              stringLiteral(draft.layer(layer).module), scheme.granularity.groupSize, scheme.bits);
        // The tool asks first whether its own group divides the rows: the smallest one leaves nothing out.
        least = std::min(least, scheme.granularity.groupSize);
        bits = std::max(bits, scheme.bits);
    }
    return fmt::format("from mlx_lm import convert\n\n"
                       "layers = {{\n{}}}\n\n\n"
                       "def quant_predicate(path, module, *_):\n"
                       "    return layers.get(path, False)\n\n\n"
                       "# convert(\"MODEL\", mlx_path=\"MODEL-mlx\", quantize=True, q_group_size={}, q_bits={},\n"
                       "#         quant_predicate=quant_predicate)\n",
                       layers, least, bits);
}

} // namespace

constinit const RuleTool kMlxLmRules{
    .name = "mlx-lm",
    .description = Text::constant("mlx-lm: a predicate (Python) for convert() with bits and groups of each module"),
    .suffix = ".py",
    .write = write,
};

} // namespace qs
