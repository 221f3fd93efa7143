// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The tools that rules can be written for, one file each.
#pragma once

#include "core/tools/tool_rules.h"

namespace qs {

extern const RuleTool kLlmCompressorRules;
extern const RuleTool kTorchaoRules;
extern const RuleTool kOnnxRuntimeRules;
extern const RuleTool kLlamaCppRules;
extern const RuleTool kAiEdgeRules;
extern const RuleTool kGptqModelRules;
extern const RuleTool kMlxLmRules;
extern const RuleTool kAutoRoundRules;

} // namespace qs
