// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rules for another tool as JSON.
#pragma once

#include "core/tools/tool_rules.h"

namespace qs {

/// The JSON of `rules --json` (resources/schema). `output`: where the text was written, empty for nowhere.
std::string rulesJson(const RuleTool &tool, const Model &model, const ToolRules &rules, const std::string &output);

} // namespace qs
