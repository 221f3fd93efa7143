// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rules for other tools: which layers are quantized and how, said in the words that the tool itself takes.
#pragma once

#include "core/base/task_context.h"
#include "core/recipe/recipe.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

class RulesDraft;

/// What about a layer does not reach the tool as the recipe has it.
struct RulesRemark {
    std::size_t layer = 0;
    Text reason;
    bool kept = false; ///< the rules leave it in float, although the recipe quantizes it

    bool operator==(const RulesRemark &) const = default;
};

struct ToolRules {
    std::string text;                   ///< the file, complete by name; remarks and notes stand in its head as comments
    std::vector<std::size_t> quantized; ///< layers that the rules quantize, ascending
    std::vector<RulesRemark> remarks;
    std::vector<Text> notes;
};

/// One entry of ruleTools(). To add a tool: one file that defines such an object, one line in the list.
struct RuleTool {
    std::string_view name;      ///< "llm-compressor"
    TextLiteral<0> description; ///< what is written, one line for people
    std::string_view suffix;    ///< proposed for new files: ".yaml"
    /// Why the tool cannot work on such a model; null: on every model.
    Text (*whyNot)(const Model &model) = nullptr;
    /// Keeps the layers that the tool cannot take, with the reasons, and gives the text for the rest. Asked while the
    /// draft quantizes a layer; the text is not used when it quantizes none any more.
    Result<std::string> (*write)(RulesDraft &draft, const TaskContext &context);
};

/// All of them, in the order in which they are offered.
std::span<const RuleTool *const> ruleTools();
/// Null when there is none of that name.
const RuleTool *findRuleTool(std::string_view name);
/// "llm-compressor, torchao or onnxruntime".
std::string ruleToolNames();

/// `decisions`: one for each layer of the model, as resolve() makes them. Error{Work} when nothing would be quantized,
/// by the recipe or by the tool; errors of reading, Cancelled.
Result<ToolRules> rulesFor(const RuleTool &tool, const Model &model, std::span<const Decision> decisions,
                           const TaskContext &context);

} // namespace qs
