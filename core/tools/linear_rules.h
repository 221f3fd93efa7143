// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What tools share that work on the Linear layers of a PyTorch model by the names of their modules.
#pragma once

#include "core/export/formats/folders/hugging_face.h"
#include "core/tools/rules_draft.h"

namespace qs {

/// Keeps all layers that do not fit `needs`.
void keepWhatDoesNotFit(RulesDraft &draft, const LinearNeeds &needs);
/// Modules with a weight of two axes that are left in float, "lm_head" always among them unless it is quantized.
std::vector<std::string> keptModules(const RulesDraft &draft);
/// Keeps what is neither inside of a numbered block nor "lm_head": such tools go through the blocks.
void keepOutsideOfBlocks(RulesDraft &draft, std::string_view tool);

} // namespace qs
