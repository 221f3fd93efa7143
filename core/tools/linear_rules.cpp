// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tools/linear_rules.h"

#include "core/export/formats/folders/compressed_tensors.h"

#include <algorithm>

namespace qs {

void keepWhatDoesNotFit(RulesDraft &draft, const LinearNeeds &needs)
{
    for (const std::size_t layer : draft.quantized()) {
        Decision decision = draft.decision(layer);
        decision.scheme.scaleType = ScaleType::F32; // no tool is told about scales: each has its own type for them
        LayerFit fit = fitLinear(needs, draft.model(), layer, decision);
        if (!fit.decision.quantize)
            draft.keep(layer, std::move(fit.decision.reason));
        else if (!fit.refusals.empty())
            draft.keep(layer, fit.refusals.front().sentence());
    }
}

std::vector<std::string> keptModules(const RulesDraft &draft)
{
    const Recipe recipe;
    return floatModules({kCompressedTensorsFormat, *folderContainer(""), draft.model(), recipe, draft.decisions()});
}

void keepOutsideOfBlocks(RulesDraft &draft, std::string_view tool)
{
    for (const std::size_t layer : draft.quantized()) {
        const std::string &module = draft.layer(layer).module;
        bool inBlock = false;
        for (std::size_t at = 0; at < module.size() && !inBlock;) {
            const std::size_t end = std::min(module.find('.', at), module.size());
            inBlock =
                end > at && end < module.size() &&
                std::all_of(
                    module.begin() + static_cast<std::ptrdiff_t>(at), module.begin() + static_cast<std::ptrdiff_t>(end),
                    [](char c) { return c >= '0' && c <= '9'; });
            at = end + 1;
        }
        if (!inBlock && module != "lm_head")
            draft.keep(layer, Text::of("{} quantizes modules of numbered blocks and lm_head only", tool));
    }
}

} // namespace qs
