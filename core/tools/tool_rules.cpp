// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tools/tool_rules.h"

#include "core/tools/rules_draft.h"
#include "core/tools/tools.h"
#include "core/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace qs {
namespace {

constexpr std::array kTools{
    &kLlmCompressorRules, &kTorchaoRules,   &kOnnxRuntimeRules, &kLlamaCppRules,
    &kAiEdgeRules,        &kGptqModelRules, &kMlxLmRules,       &kAutoRoundRules,
};

std::string comment(const std::string &sentence)
{
    return fmt::format("# {}\n", printable(sentence));
}

/// Every form of rules has comments that start with '#'.
std::string headOf(const RuleTool &tool, const Model &model, const ToolRules &rules)
{
    std::string head =
        comment(fmt::format("Rules for {}: {} of {} layers of {} are quantized. Quantoscope {}", tool.name,
                            rules.quantized.size(), model.layers.size(), inQuotes(model.title), kVersion));
    for (const Text &note : rules.notes)
        head += comment(note.str());
    for (const RulesRemark &remark : rules.remarks)
        head += comment(fmt::format("{}{}: {}", printable(model.layers[remark.layer].module),
                                    remark.kept ? " is kept in float" : "", remark.reason.str()));
    return head + "\n";
}

Error nothingLeft(const RuleTool &tool, const std::vector<RulesRemark> &remarks)
{
    const Text place = Text::of("rules for {}", tool.name);
    if (remarks.empty())
        return {ErrorCode::Work, Text::of("the recipe quantizes no layer, so there is nothing to say"), place};
    return {ErrorCode::Work,
            Text::of("none of the {} layers that the recipe quantizes can be said to this tool; the first one: {}",
                     remarks.size(), remarks.front().reason),
            place};
}

} // namespace

std::span<const RuleTool *const> ruleTools()
{
    return kTools;
}

const RuleTool *findRuleTool(std::string_view name)
{
    const auto found = std::ranges::find(kTools, name, &RuleTool::name);
    return found == kTools.end() ? nullptr : *found;
}

std::string ruleToolNames()
{
    std::string names;
    for (std::size_t i = 0; i < kTools.size(); ++i) {
        if (i > 0)
            names += i + 1 == kTools.size() ? " or " : ", ";
        names += kTools[i]->name;
    }
    return names;
}

Result<ToolRules> rulesFor(const RuleTool &tool, const Model &model, std::span<const Decision> decisions,
                           const TaskContext &context)
{
    if (Text reason = tool.whyNot != nullptr ? tool.whyNot(model) : Text(); !reason.empty())
        return fail(ErrorCode::Work, std::move(reason), Text::of("rules for {}", tool.name));
    RulesDraft draft(model, decisions);
    if (draft.quantized().empty())
        return std::unexpected(nothingLeft(tool, {}));
    QS_ASSIGN(const std::string body, tool.write(draft, context));
    ToolRules rules{.text = {}, .quantized = draft.quantized(), .remarks = draft.remarks(), .notes = draft.notes()};
    if (rules.quantized.empty())
        return std::unexpected(nothingLeft(tool, rules.remarks));
    rules.text = headOf(tool, model, rules) + body;
    return rules;
}

} // namespace qs
